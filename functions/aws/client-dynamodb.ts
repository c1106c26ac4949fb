/**
 * Stands in for `@aws-sdk/client-dynamodb` in the bundles of the API functions: the same names, three commands. Items
 * are passed as the wire has them, which is as the SDK has them but for binary values; there are none.
 */
import { type ClientOptions, type Command, connectJson, type Service } from './aws-json-client.ts';
import { named } from './exchange.ts';

const service: Service = {
  name: 'dynamodb',
  target: 'DynamoDB_20120810',
  contentType: 'application/x-amz-json-1.0',
  endpointVariable: 'AWS_ENDPOINT_URL_DYNAMODB',
};

/** A condition that did not hold; the item as it was, where it was asked for. */
export class ConditionalCheckFailedException extends Error {
  override readonly name = 'ConditionalCheckFailedException';
  readonly Item: unknown;

  constructor(item: unknown) {
    super('ConditionalCheckFailedException');
    this.Item = item;
  }
}

export class DynamoDBClient {
  readonly send: ReturnType<typeof connectJson>;

  constructor(options: ClientOptions) {
    this.send = connectJson(service, options, ({ name, body }) =>
      name === 'ConditionalCheckFailedException'
        ? new ConditionalCheckFailedException(body['Item'])
        : named(name),
    );
  }
}

function command(operation: string) {
  return class implements Command {
    readonly operation = operation;
    readonly input: object;

    constructor(input: object) {
      this.input = input;
    }
  };
}

export const UpdateItemCommand = command('UpdateItem');
export const GetItemCommand = command('GetItem');
export const PutItemCommand = command('PutItem');
