/** The outputs of a deployment: addresses, and the commands that people run next. */
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { candidateLabel } from '../functions/rotation/provider-key-rotation.ts';
import { type Secret, secretIds } from './secrets.ts';
import type { ExistingSecrets } from './settings/deployment-settings.ts';
import { rotateCommand, storeSmsKeyCommand } from './store-sms-key-command.ts';

export interface Outputs {
  readonly apiUrl: string;
  readonly issuer: string;
  /** The secret of the provider's key. */
  readonly sms: Secret;
  /** Secrets that are not resources of this stack. The commands find their ARNs in these outputs. */
  readonly existingSecrets: ExistingSecrets;
  /** The last day on which test numbers work, where there are any. */
  readonly testNumbersUntil: string | undefined;
  readonly dashboardUrl: string;
}

/** Adds the outputs to `scope`. */
export function putOut(scope: Construct, { apiUrl, issuer, sms, ...outputs }: Outputs): void {
  const { existingSecrets, testNumbersUntil, dashboardUrl } = outputs;
  const stack = Stack.of(scope);
  new CfnOutput(scope, 'ApiUrl', { value: apiUrl, description: 'Where the app sends its two calls.' });
  new CfnOutput(scope, 'Issuer', {
    value: issuer,
    description: 'The issuer that other APIs trust: iss of every token.',
  });
  new CfnOutput(scope, 'StoreSmsKey', {
    value: storeSmsKeyCommand(stack, sms),
    description: 'Next step: run this, paste the StartMessaging key, press Enter. Nothing is shown or kept.',
  });
  new CfnOutput(scope, 'StoreCandidate', {
    value: storeSmsKeyCommand(stack, sms, candidateLabel),
    description:
      'For a later key: run this, paste the key, press Enter. It is stored as a candidate; the key in use stays current.',
  });
  new CfnOutput(scope, 'PromoteCandidate', {
    value: rotateCommand(stack, sms),
    description:
      'Then run this, or npm run keys -- promote. The candidate becomes current if the provider accepts it.',
  });
  new CfnOutput(scope, 'TestNumbersUntil', {
    value: testNumbersUntil ?? 'none',
    description: 'The last day (UTC) on which test numbers work; npm run controls reads it.',
  });
  new CfnOutput(scope, 'DashboardUrl', {
    value: dashboardUrl,
    description: 'The dashboard that the person on call looks at first.',
  });
  for (const name of Object.keys(secretIds) as (keyof typeof secretIds)[]) {
    const value = existingSecrets[name];
    if (value !== undefined)
      new CfnOutput(scope, secretIds[name], { value, description: 'A secret of an earlier stack.' });
  }
}
