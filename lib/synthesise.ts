/**
 * Synthesises Doorcode stacks with every check that can run without an account, and fails if one finds anything:
 * cdk-nag's AwsSolutions and Serverless rules and CDK's own template validation, warnings included. Developers fix a
 * finding, or acknowledge it on its resource with a reason. No switch lets a finding through.
 */
import { App, Validations } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { DoorcodeStack } from './doorcode-stack.ts';
import type { DoorcodeStackProps } from './doorcode-stack-props.ts';

/** Set after the CLI's own context, so that no flag of a command line switches a check off. */
const strict = {
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  '@aws-cdk/core:strictCfnValidateErrors': true,
  '@aws-cdk/core:failSynthOnValidationErrors': true,
  '@aws-cdk/core:annotationsInValidationReport': true,
};

/** An app that writes to `outdir` and whose synthesis fails at any finding. Throws if CDK's own switch would leave the template rules out. */
export function checkedApp(outdir: string): App {
  if (process.env['CDK_VALIDATION'] === 'false') {
    throw new Error('CDK_VALIDATION=false would skip the template validation. Unset it.');
  }
  const app = new App({
    outdir,
    postCliContext: strict,
    analyticsReporting: false,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return app;
}

export interface SynthesiseProps {
  /** The directory that is written. */
  readonly outdir: string;
  /** The stacks to make: their settings by their ids. */
  readonly stacks: Readonly<Record<string, DoorcodeStackProps>>;
}

/** Writes the cloud assembly: templates and assets. Throws at a finding, and at settings that are not valid. */
export function synthesise({ outdir, stacks }: SynthesiseProps): CloudAssembly {
  return write(checkedApp(outdir), stacks);
}

/** The same assembly without the checks, for the local stack. The checks take seconds, and nobody deploys this assembly. */
export function synthesiseForThisMachine({ outdir, stacks }: SynthesiseProps): CloudAssembly {
  return write(
    new App({ outdir, builtinCloudFormationValidation: false, analyticsReporting: false }),
    stacks,
  );
}

function write(app: App, stacks: SynthesiseProps['stacks']): CloudAssembly {
  for (const [id, props] of Object.entries(stacks)) new DoorcodeStack(app, id, props);
  return app.synth();
}
