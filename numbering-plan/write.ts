/** `npm run numbers`: writes `functions/otp/mobile-starts.ts` anew, from the metadata that is installed. */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { decidingDigits, mobileStarts } from './pattern.ts';

const { version } = createRequire(import.meta.url)('libphonenumber-js/package.json');
const takenOn = new Date().toISOString().slice(0, 10);

const text = `/**
 * The first ${decidingDigits} digits of the numbers that may be Indian mobiles, as patterns. Written by \`npm run numbers\` from
 * libphonenumber's metadata of the numbering plan (libphonenumber-js ${version}) on ${takenOn}; see \`numbering-plan/pattern.ts\`.
 */
export const mobileStarts: readonly string[] = [
${mobileStarts()
  .map((start) => `  '${start}',\n`)
  .join('')}];
`;
writeFileSync(join(import.meta.dirname, '../functions/otp/mobile-starts.ts'), text);
