/** The environment of a function on this machine. */
import type { DeployedFunction } from './deployed.ts';

/** Where the provider really is; the fake takes its place, and nothing else's. */
const providerUrlOfTheTemplate = 'https://api.startmessaging.com';

/** Lambda's usual variables, the template's, and the few that only this machine knows. */
export function environmentOf(
  { name, directory, memoryMib, environment, ...rest }: DeployedFunction,
  { region, awsUrl, providerUrl }: { region: string; awsUrl: string; providerUrl: string },
): Readonly<Record<string, string>> {
  return {
    ...environment,
    ...(environment['PROVIDER_URL'] === providerUrlOfTheTemplate && { PROVIDER_URL: providerUrl }),
    AWS_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMib),
    LAMBDA_TASK_ROOT: directory,
    AWS_ACCESS_KEY_ID: accessKeyIdOf(rest),
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: awsUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: awsUrl,
  };
}

/** Each function signs with an id of its own, by which the AWS endpoint knows it. */
export function accessKeyIdOf({ arn }: Pick<DeployedFunction, 'arn'>): string {
  return `LOCAL-${arn.split(':').at(-1)}`;
}
