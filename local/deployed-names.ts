/**
 * The values of the template's names on this machine: ARNs in AWS's format, the API's address, pseudo parameters.
 */
import { createHash } from 'node:crypto';
import type { Names } from '../lib/intrinsics.ts';
import type { Resource } from './template.ts';

/** The account id that the local stack uses. */
export const account = '000000000000';

/** The names of a template in `region`, whose API listens at `apiEndpoint`. */
export function namesOf(
  resources: Readonly<Record<string, Resource>>,
  { region, apiEndpoint }: { region: string; apiEndpoint: string },
): Names {
  const arn = (service: string, resource: string): string =>
    `arn:aws:${service}:${region}:${account}:${resource}`;
  const names = new Map([
    ['AWS::Region', region],
    ['AWS::AccountId', account],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ]);
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    names.set(id, id);
    // These two have the name that the template gives them.
    if (Type === 'AWS::ApiGatewayV2::Stage') names.set(id, String(Properties['StageName']));
    if (Type === 'AWS::ApiGatewayV2::DomainName') {
      names.set(id, String(Properties['DomainName']));
      names.set(`${id}.RegionalDomainName`, `d-local.execute-api.${region}.amazonaws.com`);
    }
    if (Type === 'AWS::DynamoDB::Table') names.set(`${id}.Arn`, arn('dynamodb', `table/${id}`));
    if (Type === 'AWS::Lambda::Function') names.set(`${id}.Arn`, arn('lambda', `function:${id}`));
    if (Type === 'AWS::Logs::LogGroup') names.set(`${id}.Arn`, arn('logs', `log-group:${id}:*`));
    if (Type === 'AWS::Events::Rule') names.set(`${id}.Arn`, arn('events', `rule/${id}`));
    if (Type === 'AWS::IAM::Role') names.set(`${id}.Arn`, `arn:aws:iam::${account}:role/${id}`);
    if (Type === 'AWS::ApiGatewayV2::Api') names.set(`${id}.ApiEndpoint`, apiEndpoint);
    if (Type === 'AWS::SecretsManager::Secret')
      names.set(id, arn('secretsmanager', `secret:${id}-${suffix(id)}`));
  }
  return names;
}

/** Secrets Manager appends six random characters to a name. Here they are derived from the name, so they stay the same. */
function suffix(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 6);
}
