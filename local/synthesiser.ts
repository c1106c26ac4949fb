/** Turns settings into a deployment: it synthesises the real app for this machine and reads back the template. */
import { join } from 'node:path';
import type { DoorcodeStackProps } from '../lib/doorcode-stack-props.ts';
import { synthesiseForThisMachine } from '../lib/synthesise.ts';
import type { Deployment } from './deployed.ts';
import { readDeployment } from './read-deployment.ts';
import type { Template } from './template.ts';

/** Writes the assembly of stacks, as `synthesiseForThisMachine` does. */
export type Synthesise = typeof synthesiseForThisMachine;

/** The changes of a further deployment. */
export interface Change {
  /** What synthesises it: a release, for instance. By default this checkout does. */
  readonly synthesise?: Synthesise | undefined;
  /** Settings of the stack, over those it started with. */
  readonly settings?: Partial<DoorcodeStackProps>;
  /** Changes the template itself, so that a test can leave something out. */
  readonly alter?: ((template: Template) => void) | undefined;
  /** Tags of the stack, as `cdk deploy --tags` gives them. */
  readonly stackTags?: Readonly<Record<string, string>>;
}

interface Place {
  readonly directory: string;
  /** Where the API listens: the issuer. */
  readonly apiUrl: string;
  readonly settings: Partial<DoorcodeStackProps>;
}

/** Creates a function that synthesises into `directory`. It caches templates by their input. */
export function synthesiser({ directory, apiUrl, settings }: Place): (change?: Change) => Deployment {
  const assemblies = new Map<string, ReturnType<typeof synthesiseForThisMachine>>();
  return (change = {}) => {
    const props = {
      appName: 'Doorcode',
      audience: 'doorcode-app',
      env: { region: 'ap-south-1' },
      ...settings,
      ...change.settings,
    };
    const { alter, stackTags, synthesise = synthesiseForThisMachine } = change;
    const wanted = JSON.stringify(props);
    const assembly =
      (change.synthesise === undefined ? assemblies.get(wanted) : undefined) ??
      synthesise({ outdir: join(directory, 'cdk.out'), stacks: { Doorcode: props } });
    assemblies.clear();
    if (change.synthesise === undefined) assemblies.set(wanted, assembly);
    return readDeployment(assembly, { apiEndpoint: apiUrl, alter, stackTags });
  };
}
