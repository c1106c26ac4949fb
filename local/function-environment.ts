/** The environment of a function on this machine. */
import { accessKeyIdOf, type CredentialsOf } from './aws/access-keys.ts';
import type { DeployedFunction } from './deployed.ts';

/** The real address of the provider. The local stack replaces this value alone by the fake's address. */
const providerUrlOfTheTemplate = 'https://api.startmessaging.com';

interface Surroundings {
  readonly region: string;
  readonly awsUrl: string;
  readonly providerUrl: string;
  readonly credentialsOf: CredentialsOf;
}

/** Lambda's own variables, the template's, and a few that only this machine knows. */
export function environmentOf(
  { name, directory, memoryMib, environment, ...rest }: DeployedFunction,
  { region, awsUrl, providerUrl, credentialsOf }: Surroundings,
): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey } = credentialsOf(accessKeyIdOf(rest));
  return {
    ...environment,
    ...(environment['PROVIDER_URL'] === providerUrlOfTheTemplate && { PROVIDER_URL: providerUrl }),
    AWS_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMib),
    LAMBDA_TASK_ROOT: directory,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: awsUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: awsUrl,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: awsUrl,
  };
}
