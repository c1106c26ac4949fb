/** `npm run pack`: packs the tarball that a CDK app elsewhere installs, into `dist/`, and prints what it weighs. */
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pack } from './pack.ts';

const file = await pack(join(import.meta.dirname, '../dist'));
const kib = Math.ceil(statSync(file).size / 1024);
console.log(`${relative(process.cwd(), file)}, ${kib} KiB. In a CDK app: npm install ${file}`);
