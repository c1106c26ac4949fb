/** Answers every update at once: the item of the challenge where one is asked for, nothing else. */
export class DynamoDBClient {
  async send({ input }) {
    return input.ReturnValues === 'ALL_NEW' ? { Attributes: globalThis.bench.Attributes } : {};
  }
}

export class UpdateItemCommand {
  constructor(input) {
    this.input = input;
  }
}

/** The read of an init. A flow of the benchmark makes none. */
export class GetItemCommand extends UpdateItemCommand {}

export class ConditionalCheckFailedException extends Error {}
