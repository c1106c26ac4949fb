/** Python packages from a list in which every file has its hash, in an environment of their own. */
import { join } from 'node:path';
import { run, runWell } from './command.ts';
import { installedOnce } from './installed.ts';

/** The lists were resolved with it; an older one has no builds of what they name. */
const oldest = [3, 11] as const;

/** Whether this machine has a Python that can make environments. */
export async function hasPython(): Promise<boolean> {
  const check = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${oldest.join(', ')}))`;
  return run('python3', ['-c', check]).then(
    ({ status }) => status === 0,
    () => false,
  );
}

export interface PythonTools {
  /** The full path of a command, such as `python` or `cfn-lint`. */
  readonly command: (name: string) => string;
}

/** Installs `lists/<name>.txt`; pip refuses a file that has another hash, and one that the list does not name. */
export async function pythonTools(name: string): Promise<PythonTools> {
  const list = join(import.meta.dirname, `../lists/${name}.txt`);
  const folder = await installedOnce({ name, lists: [list] }, async (target) => {
    await runWell('python3', ['-m', 'venv', target]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await runWell(join(target, 'bin/python'), [...pip, '--require-hashes', '-r', list]);
  });
  return { command: (tool) => join(folder, 'bin', tool) };
}

/** The version of an installed package. */
export async function versionOf({ command }: PythonTools, distribution: string): Promise<string> {
  const ask = 'import sys, importlib.metadata as m; print(m.version(sys.argv[1]))';
  const version = await runWell(command('python'), ['-c', ask, distribution]);
  return `${distribution} ${version.trim()}`;
}
