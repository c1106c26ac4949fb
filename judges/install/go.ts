/** Builds a Go program whose modules are in `lists/<name>/go.mod`, with their hashes in go.sum beside it. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandOptions, runWell } from './command.ts';

/** Runs the program; the go command refuses a module that has another hash, and one that the list does not have. */
export async function runGo(name: string, program: string, input: CommandOptions): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'doorcode-judge-go-'));
  try {
    for (const list of ['go.mod', 'go.sum'])
      copyFileSync(join(import.meta.dirname, '../lists', name, list), join(folder, list));
    writeFileSync(join(folder, 'main.go'), program);
    await runWell('go', ['build', '-mod=readonly', '-o', 'judge', '.'], { cwd: folder });
    return await runWell(join(folder, 'judge'), [], input);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
