/** The generated clients that have a toolchain here: each is compiled with a program that signs in with it, and run. */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CommandOptions, runWell } from '../install/command.ts';
import { javaLibraries } from '../install/java.ts';
import { pythonTools } from '../install/python.ts';

/** Runs the program with the client in the folder, and gives what it printed. */
export type RunClient = (folder: string, input: CommandOptions) => Promise<string>;

const program = (name: string): string => join(import.meta.dirname, 'clients', name);

export const runPython: RunClient = async (folder, input) => {
  const tools = await pythonTools('openapi-python');
  return runWell(tools.command('python'), [program('main.py')], { ...input, env: { PYTHONPATH: folder } });
};

/** The generated package needs the standard library alone, and no module is fetched. */
export const runGo: RunClient = async (folder, input) => {
  const into = join(folder, 'judge');
  mkdirSync(join(into, 'openapi'), { recursive: true });
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.go')))
    copyFileSync(join(folder, file), join(into, 'openapi', file));
  copyFileSync(program('main.go'), join(into, 'main.go'));
  writeFileSync(join(into, 'go.mod'), 'module doorcode.example/judge\n\ngo 1.23\n');
  await runWell('go', ['build', '-o', 'sign-in', '.'], { cwd: into, env: { GOPROXY: 'off' } });
  return runWell(join(into, 'sign-in'), [], input);
};

export const runJavaClient: RunClient = async (folder, input) => {
  const classPath = await javaLibraries('openapi-java');
  const into = join(folder, 'classes');
  const sources = filesIn(join(folder, 'src/main/java'), '.java');
  const options = ['-nowarn', '-proc:none', '-cp', classPath, '-d', into];
  await runWell('javac', [...options, ...sources, program('Main.java')]);
  return runWell('java', ['-cp', `${into}:${classPath}`, 'Main'], input);
};

export const runKotlin: RunClient = async (folder, input) => {
  const jars = await javaLibraries('openapi-kotlin');
  const classPath = filesIn(dirname(jars), '.jar').join(':');
  const into = join(folder, 'classes');
  const options = ['-no-stdlib', '-no-reflect', '-nowarn', '-cp', classPath, '-d', into];
  const compiler = ['-cp', classPath, 'org.jetbrains.kotlin.cli.jvm.K2JVMCompiler', ...options];
  await runWell('java', [...compiler, join(folder, 'src/main/kotlin'), program('Main.kt')]);
  return runWell('java', ['-cp', `${into}:${classPath}`, 'MainKt'], input);
};

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}
