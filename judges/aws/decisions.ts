/** Where AWS's model and what goes over the wire differ, and why it stays. */

interface ModelDecision {
  /** Matches the judge's lines. */
  readonly finding: RegExp;
  readonly reason: string;
}

export const decisions: readonly ModelDecision[] = [
  {
    finding: /^dynamodb:\w+: answer\.\w+\.TableThroughputModeSummary: the model has no such member$/,
    reason:
      'dynoxide, the table server, says it. No caller reads it, and every client drops a member that it does not know.',
  },
  {
    finding: /^dynamodb:\w+: answer: .*NumberOfDecreasesToday, value: 0, valid min value: 1$/,
    reason:
      'dynoxide says it, and so does DynamoDB in the AWS CLI’s own examples of these operations, against the model.',
  },
];
