/**
 * A real Chromium from the npm registry, for the scripts and tests that look at the page. It brings the libraries that a
 * bare machine lacks, and reaches nothing but this machine.
 */
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Starts it. */
export async function openBrowser(): Promise<Browser> {
  // Its name for "unpack the shared libraries, too".
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs22.x';
  const executablePath = await sparticuz.executablePath();
  return chromium.launch({
    executablePath,
    // Not the package's own arguments: they run everything in one process and switch the web's security off.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
    headless: true,
  });
}
