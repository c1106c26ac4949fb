/** Stands in for `@aws-sdk/client-secrets-manager` in the bundles of the API functions, which only read. */
import { type ClientOptions, type Command, connectJson, type Service } from './aws-json-client.ts';
import { named } from './exchange.ts';

const service: Service = {
  name: 'secretsmanager',
  target: 'secretsmanager',
  contentType: 'application/x-amz-json-1.1',
  endpointVariable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
};

/** No such secret, or no such version of it. */
export class ResourceNotFoundException extends Error {
  override readonly name = 'ResourceNotFoundException';
}

export class SecretsManagerClient {
  readonly send: ReturnType<typeof connectJson>;

  constructor(options: ClientOptions) {
    this.send = connectJson(service, options, ({ name }) =>
      name === 'ResourceNotFoundException' ? new ResourceNotFoundException() : named(name),
    );
  }
}

export class GetSecretValueCommand implements Command {
  readonly operation = 'GetSecretValue';
  readonly input: object;

  constructor(input: object) {
    this.input = input;
  }
}
