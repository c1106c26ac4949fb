/** `npm run openapi`: writes `openapi.json` anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from './document.ts';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(join(root, 'openapi.json'), `${JSON.stringify(openApiDocument(version), null, 2)}\n`);
