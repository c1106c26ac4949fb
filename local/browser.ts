/**
 * A real Chromium from an npm package, for the scripts and tests that open the page. The package brings the shared
 * libraries that a bare machine lacks. The browser reaches only this machine.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** A slow machine unpacks 180 MB in this time. */
const unpackWithinMs = 120_000;
const lookEveryMs = 100;

/** Starts the browser. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await unpacked(tmpdir()),
    // The package's own arguments are not used: they run everything in one process and disable web security.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
    headless: true,
  });
}

/**
 * The path of the browser, which the package unpacks into the directory for temporary files. The package takes a file that
 * another process is still writing for a whole one, and the system refuses to start it. So one process unpacks, and the
 * others wait for its mark.
 */
async function unpacked(directory: string): Promise<string> {
  // This variable makes the package unpack the shared libraries, too.
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs22.x';
  const [turn, mark] = [join(directory, 'chromium-unpacking'), join(directory, 'chromium-unpacked')];
  const isOurs = await mkdir(turn).then(
    () => true,
    () => false,
  );
  if (isOurs) {
    try {
      const path = await sparticuz.executablePath();
      await writeFile(mark, '');
      return path;
    } catch (error) {
      await rm(turn, { recursive: true, force: true });
      throw error;
    }
  }
  const untilMs = performance.now() + unpackWithinMs;
  while (!existsSync(mark)) {
    if (performance.now() > untilMs)
      throw new Error(
        `Chromium is not unpacked yet. If nothing is unpacking it, delete ${turn} and try again.`,
      );
    await pause(lookEveryMs);
  }
  return sparticuz.executablePath();
}
