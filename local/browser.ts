/**
 * A real Chromium from an npm package, for the scripts and tests that open the page. The package brings the shared
 * libraries that a bare machine lacks. The browser reaches only this machine.
 */
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Starts the browser. */
export async function openBrowser(): Promise<Browser> {
  // This variable makes the package unpack the shared libraries, too.
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs22.x';
  const executablePath = await sparticuz.executablePath();
  return chromium.launch({
    executablePath,
    // The package's own arguments are not used: they run everything in one process and disable web security.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
    headless: true,
  });
}
