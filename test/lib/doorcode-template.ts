/**
 * The template of a stack with a test's settings, without validation: that has tests of its
 * own (`synthesise.test.ts`), and a template alone is a second's work.
 */
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DoorcodeStack } from '../../lib/doorcode-stack.ts';
import type { DoorcodeStackProps } from '../../lib/doorcode-stack-props.ts';

export const account = '123456789012';

/** Synthesises a stack named `Doorcode` in ap-south-1. */
export function doorcodeTemplate(settings: Partial<DoorcodeStackProps> = {}): Template {
  const app = new App({
    builtinCloudFormationValidation: false,
    analyticsReporting: false,
  });
  const stack = new DoorcodeStack(app, 'Doorcode', {
    env: { account, region: 'ap-south-1' },
    appName: 'Doorcode',
    audience: 'doorcode-app',
    ...settings,
  });
  return Template.fromStack(stack);
}

/** The logical ids of all resources of a type. */
export function logicalIds(template: Template, type: string): readonly string[] {
  return Object.keys(template.findResources(type));
}
