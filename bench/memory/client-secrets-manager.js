/** Answers GetSecretValue at once; there is no previous version of anything. */
export class ResourceNotFoundException extends Error {}

export class SecretsManagerClient {
  async send({ input }) {
    const answer = globalThis.bench.secrets[input.SecretId];
    if (answer === undefined || input.VersionStage === 'AWSPREVIOUS') throw new ResourceNotFoundException();
    return answer;
  }
}

export class GetSecretValueCommand {
  constructor(input) {
    this.input = input;
  }
}
