/**
 * The package as an adopter gets it: packed, installed without a network into an empty folder beside `aws-cdk-lib` and
 * `constructs` alone, and used by CDK apps of every kind.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoorcodeStackProps } from '../../lib/doorcode-stack-props.ts';
import { synthesiseForThisMachine } from '../../lib/synthesise.ts';
import { pack } from '../../packaging/pack.ts';

const root = join(import.meta.dirname, '../..');
/** It holds every function in its variants, and the AWS SDK for the commands: 1,360 KiB with sessions and the doctor. */
const maxTarballKib = 2000;

/** Two whole synths and a compiler each: minutes on a machine that does other things, too. */
const patienceMs = 300_000;

let directory: string;
let app: string;
let tarball: string;
/** The files of the installed package, by their paths in it. */
let files: readonly string[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-adopter-'));
  app = join(directory, 'app');
  mkdirSync(app);
  tarball = await pack(join(directory, 'packed'));
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true }');
  const offline = ['--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel', 'error'];
  execFileSync('npm', ['install', ...offline, tarball], { cwd: app });
  for (const peer of ['aws-cdk-lib', 'constructs'])
    symlinkSync(join(root, 'node_modules', peer), join(app, 'node_modules', peer));
  files = readdirSync(installed(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(installed().length + 1));
}, patienceMs);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function installed(path = ''): string {
  return join(app, 'node_modules', 'doorcode', path).replace(/\/$/, '');
}

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node in the adopter's folder. */
function run(script: string, args: readonly string[] = [], outdir = 'cdk.out'): Ran {
  const { AWS_REGION: _, AWS_DEFAULT_REGION: __, ...others } = process.env;
  const env = { ...others, CDK_OUTDIR: join(app, outdir), AWS_CONFIG_FILE: join(app, 'none') };
  return spawnSync(process.execPath, [script, ...args], { cwd: app, env, encoding: 'utf8' });
}

/** Runs a CDK app, which has to succeed, and returns the templates that it wrote, as text, by their stacks. */
function synth(name: string, text: string): (stack: string) => string {
  writeFileSync(join(app, name), text);
  const { status, stderr } = run(name, [], `out-of-${name}`);
  expect([status, stderr]).toEqual([0, '']);
  return (stack) => readFileSync(join(app, `out-of-${name}`, `${stack}.template.json`), 'utf8');
}

/** The example of the page, as it is printed. */
function example(): string {
  const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8');
  const [, section = ''] = page.split('## In your own CDK app');
  return /^```ts\n(.*?)^```/ms.exec(section)?.[1] ?? '';
}

/** The template that the checkout's app gives for one stack. */
function fromSources(props: DoorcodeStackProps, stackName = 'Doorcode'): string {
  const outdir = join(directory, 'sources');
  synthesiseForThisMachine({ outdir, stacks: { [stackName]: props } });
  return readFileSync(join(outdir, `${stackName}.template.json`), 'utf8');
}

/** A template with every logical id of ours as in a stack that Doorcode has to itself. */
function withoutPrefix(text: string): string {
  const { Resources, Outputs } = JSON.parse(text);
  const ids = Object.keys({ ...Resources, ...Outputs }).filter((id) => id.startsWith('Doorcode'));
  return ids.reduce((written, id) => written.replaceAll(`"${id}"`, `"${id.slice('Doorcode'.length)}"`), text);
}

describe('a CDK app in an empty folder', { timeout: patienceMs }, () => {
  it('has nothing beside the package but the CDK', () => {
    expect(readdirSync(join(app, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'aws-cdk-lib',
      'constructs',
      'doorcode',
    ]);
    expect(existsSync(installed('node_modules'))).toBe(false);
  });

  it('of the lines of docs/deploy.md deploys what bin/app.ts deploys, but for names', () => {
    expect(example().trimEnd().split('\n').length).toBeLessThanOrEqual(10);
    // The page's app lives in a TypeScript file, whose lines are those of an ES module; CDK's CLI calls synth().
    const text = `${example()}app.synth();\n`.replace('Acme', 'Doorcode').replace('acme-app', 'doorcode-app');
    const template = synth('page.mjs', text)('Backend');
    execFileSync(process.execPath, [join(root, 'bin/app.ts')], {
      env: { ...process.env, CDK_OUTDIR: join(directory, 'checkout') },
    });
    const ours = readFileSync(join(directory, 'checkout/Doorcode.template.json'), 'utf8');
    expect(Object.keys(JSON.parse(template).Resources).filter((id) => !id.startsWith('Doorcode'))).toEqual(
      [],
    );
    expect(withoutPrefix(template).replaceAll('Backend', 'Doorcode')).toBe(ours);
  });

  it('can be CommonJS, and gets the same bundles for every choice of features', () => {
    const foreign = {
      issuer: 'https://issuer.example',
      audience: 'doorcode',
      jwksUrl: 'https://issuer.example/jwks.json',
      algorithms: ['ES256'],
      purposes: ['sign-in'],
    } as const;
    const settings = { appName: 'Doorcode', audience: 'doorcode-app', env: { region: 'ap-south-1' } };
    const stacks = {
      Plain: settings,
      Foreign: { ...settings, session: foreign },
      Off: { ...settings, sessions: 'off' },
      ForeignOff: { ...settings, session: foreign, sessions: 'off' },
    };
    const template = synth(
      'stacks.cjs',
      `const { App } = require('aws-cdk-lib');
      const { DoorcodeStack } = require('doorcode');
      const app = new App({ builtinCloudFormationValidation: false });
      for (const [id, props] of Object.entries(${JSON.stringify(stacks)})) new DoorcodeStack(app, id, props);
      app.synth();`,
    );
    const assets = (text: string) => [...text.matchAll(/"[0-9a-f]{64}\.zip"/g)].map(String);
    for (const [id, props] of Object.entries(stacks)) {
      const ours = fromSources(JSON.parse(JSON.stringify(props)), id);
      expect(assets(ours).length).toBeGreaterThanOrEqual(6);
      expect(assets(template(id)), id).toEqual(assets(ours));
      expect(template(id)).toBe(ours);
    }
  });

  it('is told of every mistake in its settings', () => {
    writeFileSync(
      join(app, 'mistaken.mjs'),
      `import { App, Stack } from 'aws-cdk-lib';
      import { Doorcode } from 'doorcode';
      new Doorcode(new Stack(new App(), 'Backend'), 'SignIn', { appName: 'Acme', sendsPerDay: 0 });`,
    );
    const { status, stderr } = run('mistaken.mjs');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /The settings are not valid:\n {2}sendsPerDay: expected .*\n {2}audience: required/,
    );
  });
});

describe('the types', { timeout: patienceMs }, () => {
  const text = `${example()}
const issuer: string = doorcode.issuer;
const target: string | undefined = doorcode.customDomainTarget;
// @ts-expect-error a number of SMS is a number
new Doorcode(stack, 'Another', { appName: 'Acme', audience: 'acme-app', sendsPerDay: 'many' });
// @ts-expect-error no such setting
new Doorcode(stack, 'Another', { appName: 'Acme', audience: 'acme-app', sendPerDay: 1 });
// @ts-expect-error a setting without default
new Doorcode(stack, 'Another', { appName: 'Acme' });
export const all = { issuer, target };
`;

  it.each([
    ['an ES module', 'app.mts', 'nodenext', 'nodenext'],
    ['CommonJS', 'app.cts', 'nodenext', 'nodenext'],
    ['a bundler', 'app.ts', 'esnext', 'bundler'],
  ])('hold in an app that is %s', (_, name, module, moduleResolution) => {
    writeFileSync(join(app, name), text);
    writeFileSync(
      join(app, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          target: 'es2022',
          module,
          moduleResolution,
          strict: true,
          noEmit: true,
          // As in the file that cdk init writes; the libraries' own declarations are no part of this.
          skipLibCheck: true,
          types: [],
        },
        files: [name],
      }),
    );
    const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', app], { encoding: 'utf8' });
    expect([tsc.status, tsc.stdout]).toEqual([0, '']);
  });

  it('need no package but the CDK, and have a comment on every setting', () => {
    const declared = readFileSync(installed('dist/index.d.ts'), 'utf8');
    const named = [...declared.matchAll(/(?:from |import\()['"]([^'"]+)['"]/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !/^(aws-cdk-lib(\/.*)?|constructs)$/.test(name))).toEqual([]);
    const members = declared.match(/^ {2}readonly \w+/gm) ?? [];
    expect(members.length).toBeGreaterThan(40);
    expect(declared.match(/\*\/\n {2}readonly \w+/g)).toHaveLength(members.length);
  });
});

describe('the commands', () => {
  const commands = readdirSync(join(root, 'bin'))
    .filter((name) => /^(?!app\.|doorcode\.).*\.ts$/.test(name))
    .map((name) => name.slice(0, -'.ts'.length));
  const doorcode = (...args: readonly string[]): Ran => run('node_modules/.bin/doorcode', args);

  it('are listed, each file of bin/', () => {
    expect(commands).toContain('keys');
    const { status, stdout } = doorcode();
    expect(status).toBe(0);
    expect(stdout).toContain(`one of: ${commands.toSorted().join(', ')}\n`);
  });

  it('are listed as well where there is none of that name', () => {
    const { status, stderr } = doorcode('status');
    expect(status).toBe(1);
    expect(stderr).toContain('There is no command "status".');
    expect(stderr).toContain(commands.toSorted().join(', '));
    expect(doorcode('constructor').status).toBe(1);
    expect(doorcode('../bin/keys').status).toBe(1);
  });

  it.each(commands)('%s says how it is called here', (name) => {
    const { status, stdout } = doorcode(name, '--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^npx doorcode ${name} \\[options\\]`));
    expect(stdout).not.toMatch(new RegExp(`npm run (${commands.join('|')})`));
  });

  it('say in one line what is missing', () => {
    const { status, stderr } = doorcode('controls', 'status', '--local');
    expect([status, stderr]).toEqual([
      1,
      'The local stack is not running. Start it in another terminal: npm start\n',
    ]);
    expect(doorcode('keys', 'status').stderr).toBe('No region is set. Add one: --region ap-south-1\n');
  });
});

describe('the tarball', () => {
  it(`weighs at most ${maxTarballKib} KiB`, () => {
    expect(statSync(tarball).size / 1024).toBeLessThan(maxTarballKib);
  });

  it('holds what runs and what is read, and nothing else', () => {
    const expected = [
      /^package\.json$/,
      /^(README|CHANGELOG)\.md$/,
      /^docs\/[a-z-]+\.md$/,
      /^dist\/index\.(js|d\.ts)$/,
      /^dist\/release\/template\.json$/,
      /^dist\/functions\/index\.json$/,
      /^dist\/functions\/[a-z-]+\/(index\.mjs|function\.cjs)$/,
      /^dist\/bin\/[a-z-]+\.mjs$/,
      /^dist\/bin\/shared\/[A-Z0-9]+\.mjs$/,
    ];
    for (const pattern of expected)
      expect(
        files.some((file) => pattern.test(file)),
        `${pattern}`,
      ).toBe(true);
    expect(files.filter((file) => !expected.some((pattern) => pattern.test(file)))).toEqual([]);
  });

  it('names no path of the machine that packed it, and no source map', () => {
    for (const file of files) {
      const text = readFileSync(installed(file), 'utf8');
      for (const trace of [`${root}/`, `${homedir()}/`, `${tmpdir()}/`, 'sourceMappingURL='])
        expect(text.includes(trace), `${file}: ${trace}`).toBe(false);
    }
  });

  it('says of itself what is true', () => {
    const ours = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const its = JSON.parse(readFileSync(installed('package.json'), 'utf8'));
    for (const name of ['name', 'version', 'description', 'license', 'engines'])
      expect(its[name], name).toEqual(ours[name]);
    expect([its.dependencies, its.scripts, its.imports]).toEqual([undefined, undefined, undefined]);
    expect(Object.keys(its.peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
    const pointed = [its.main, its.types, its.bin.doorcode, ...Object.values(its.exports['.'])];
    for (const path of pointed) expect(existsSync(installed(path)), path).toBe(true);
    const versions = [...readFileSync(installed('CHANGELOG.md'), 'utf8').matchAll(/^## (\d\S*)/gm)];
    expect(versions[0]?.[1]).toBe(its.version);
  });
});
