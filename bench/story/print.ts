/**
 * Prints, for each of the two routes, what somebody reads who follows one request: `npm run story`. Beside it the same
 * figures of another commit, where the clone has it: `npm run story -- <commit>`.
 */
import { type RequestPath, requestPath } from './request-path.ts';
import { type ReadSource, readAt, readToday } from './source.ts';

/** The commit before the rooms, the limits of lanes and the breakers' marks. */
const before = '04c99fe';

const sum = ({ story }: RequestPath): number => story.reduce((lines, { lineCount }) => lines + lineCount, 0);

function print(name: string, entry: string, read: ReadSource): void {
  const path = requestPath(entry, read);
  console.log(`  ${name.padEnd(8)} path ${path.fileCount} files, ${path.lineCount} lines`);
  console.log(`           story ${path.story.length} files, ${sum(path)} lines:`);
  for (const { path: file, lineCount } of path.story) console.log(`${`${lineCount}`.padStart(16)}  ${file}`);
}

const [commit = before] = process.argv.slice(2);
const readBefore = readAt(commit);
for (const entry of ['functions/request-otp.ts', 'functions/verify-otp.ts']) {
  console.log(entry);
  if (readBefore === undefined) console.log(`  ${commit} is not in this clone`);
  else print(commit, entry, readBefore);
  print('today', entry, readToday);
}
