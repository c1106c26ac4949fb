/** The outputs of a deployment: addresses, and the commands that people run next. */
import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { secretIds } from './secrets.ts';
import type { DeploymentSettings } from './settings/deployment-settings.ts';

/** What a deployment tells; in the CDK app each is a property of the construct, and the values may be tokens. */
export interface Outputs {
  /** Where the app sends its calls; without a trailing slash. */
  readonly apiUrl: string;
  /** The issuer that other APIs trust: `iss` of every token. */
  readonly issuer: string;
  /** The audience that other APIs expect: `aud` of every token. */
  readonly audience: string;
  /** The dashboard in the AWS console. */
  readonly dashboardUrl: string;
  /** The shell line that stores the provider's first key. */
  readonly storeSmsKey: string;
  /** The shell line that stores a later key as a candidate. */
  readonly storeCandidate: string;
  /** The shell line that makes the candidate current. */
  readonly promoteCandidate: string;
  /** The last day (UTC) on which test numbers work, or `none`. */
  readonly testNumbersUntil: string;
  /** What the DNS record of the custom domain points to; undefined without a domain. */
  readonly customDomainTarget: string | undefined;
}

/** Adds the outputs to `scope`, each named as its property is, and the secrets of an earlier stack, which the commands find there. */
export function putOut(
  scope: Construct,
  outputs: Outputs,
  { customDomainName, existingSecrets }: Pick<DeploymentSettings, 'customDomainName' | 'existingSecrets'>,
): void {
  const put = (id: string, value: string, description: string): void => {
    new CfnOutput(scope, id, { value, description });
  };
  put('ApiUrl', outputs.apiUrl, 'Where the app sends its two calls.');
  put('Issuer', outputs.issuer, 'The issuer that other APIs trust: iss of every token.');
  put(
    'StoreSmsKey',
    outputs.storeSmsKey,
    'Next step: run this, paste the StartMessaging key, press Enter. Nothing is shown or kept.',
  );
  put(
    'StoreCandidate',
    outputs.storeCandidate,
    'For a later key: run this, paste the key, press Enter. It is stored as a candidate; the key in use stays current.',
  );
  put(
    'PromoteCandidate',
    outputs.promoteCandidate,
    'Then run this, or npm run keys -- promote. The candidate becomes current if the provider accepts it.',
  );
  put(
    'TestNumbersUntil',
    outputs.testNumbersUntil,
    'The last day (UTC) on which test numbers work; npm run controls reads it.',
  );
  put('DashboardUrl', outputs.dashboardUrl, 'The dashboard that the person on call looks at first.');
  for (const name of Object.keys(secretIds) as (keyof typeof secretIds)[]) {
    const arn = existingSecrets[name];
    if (arn !== undefined) put(secretIds[name], arn, 'A secret of an earlier stack.');
  }
  if (outputs.customDomainTarget !== undefined)
    put(
      'CustomDomainTarget',
      outputs.customDomainTarget,
      `What the DNS record of ${customDomainName} points to.`,
    );
}
