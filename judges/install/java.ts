/** Java libraries from `lists/<name>/pom.xml`; `jars.sha256` beside it has the hash of each jar. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandOptions, runWell } from './command.ts';
import { installedOnce } from './installed.ts';

/** The class path of a list. Throws where a jar has another hash, where one is missing, and where there is one more. */
export async function javaLibraries(name: string): Promise<string> {
  const lists = join(import.meta.dirname, '../lists', name);
  const [pom, hashes] = [join(lists, 'pom.xml'), join(lists, 'jars.sha256')];
  const folder = await installedOnce({ name, lists: [pom, hashes] }, async (target) => {
    copyFileSync(pom, join(target, 'pom.xml'));
    const jars = join(target, 'jars');
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${jars}`];
    await runWell('mvn', ['-q', '-B', '-C', '-f', target, ...goal]);
    const seen = readdirSync(jars)
      .toSorted()
      .map(
        (jar) =>
          `${createHash('sha256')
            .update(readFileSync(join(jars, jar)))
            .digest('hex')}  ${jar}\n`,
      );
    if (seen.join('') !== readFileSync(hashes, 'utf8'))
      throw new Error(`the jars of judges/lists/${name} are not those of its jars.sha256:\n${seen.join('')}`);
  });
  return join(folder, 'jars', '*');
}

/** Compiles and runs one class. */
export async function runJava(
  { name, classPath }: { readonly name: string; readonly classPath: string },
  source: string,
  input: CommandOptions,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'doorcode-judge-java-'));
  try {
    const file = join(folder, `${name}.java`);
    writeFileSync(file, source);
    await runWell('javac', ['-nowarn', '-cp', classPath, '-d', folder, file]);
    return await runWell('java', ['-cp', `${folder}:${classPath}`, name], input);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
