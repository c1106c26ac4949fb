/**
 * Where an engine differs from DynamoDB, and why it is left so. What is not listed here is a finding, and so is what is
 * listed and not seen any more.
 */
import type { Figure } from '../../prove/figure.ts';
import type { Verdict } from '../judge.ts';
import type { FlowTests } from './flow-tests.ts';
import type { Refusals } from './refuse.ts';
import type { Replayed } from './replay.ts';

export interface EngineSaid {
  /** Its name and version. */
  readonly tool: string;
  readonly replayed: Replayed;
  readonly refusals: Refusals;
  readonly flows: FlowTests;
  readonly figures: readonly Figure[];
}

/** What an engine takes although DynamoDB refuses it, or refuses with another error. */
const lenient: Readonly<Record<string, readonly string[]>> = {
  dynoxide: [
    'a function in another case',
    'more than 300 operators',
    'an unknown ReturnValuesOnConditionCheckFailure',
    'attribute_type with an unknown type: ConditionalCheckFailedException',
  ],
  dynalite: [
    'a value nested 33 levels deep',
    'an expression over 4 KB',
    'more than 300 operators',
    'an unknown ReturnValuesOnConditionCheckFailure',
    'DeleteItem that returns ALL_NEW',
  ],
  // moto answers some with a page that says Internal Server Error.
  moto: [
    'no names in the member for names',
    'a path in a number',
    'an empty condition',
    'contains of an attribute in itself',
    'an empty set',
    'a set with one member twice',
    'a value of two types',
    'a number of 39 digits',
    'a number above the largest',
    'a number that is none',
    'a value nested 33 levels deep',
    'an expression over 4 KB',
    'more than 300 operators',
    'an unknown ReturnValuesOnConditionCheckFailure',
    'an empty key',
    'a name that is not given: not JSON',
    'a value that is not given, in the condition: not JSON',
    'a condition without a comparator: not JSON',
    'AND without a right side: not JSON',
    'a function in another case: not JSON',
    'a function without an operand: not JSON',
    'attribute_exists of a value: not JSON',
    'attribute_type with an unknown type: ConditionalCheckFailedException',
    'begins_with a number: ConditionalCheckFailedException',
    'BETWEEN with bounds of two types: not JSON',
    'BETWEEN with bounds in the wrong order: ConditionalCheckFailedException',
    'size of a number: not JSON',
    'an unknown comparator: not JSON',
    'a sum in a condition: not JSON',
    'a value without a type: not JSON',
  ],
};

/** What none of the engines refuses in DynamoDB's words, so that nobody but DynamoDB tells whether Doorcode sends it. */
const untold: readonly string[] = [
  'more than 300 operators',
  'an unknown ReturnValuesOnConditionCheckFailure',
];

interface Decided {
  readonly engine: string;
  /** How the sentence starts. */
  readonly starts: string;
  readonly reason: string;
}

const typesReason =
  'moto fails where a condition compares a text with a number. In DynamoDB values of two types do not match, and the condition does not hold';

/** Differences in what was answered. */
const decided: readonly Decided[] = [
  ...['dynalite', 'moto'].map((engine) => ({
    engine,
    starts: 'R9, row 10: no history reached "late"',
    reason: 'So few histories are too short for it; those of the evidence on dynoxide reach it',
  })),
  {
    engine: 'moto',
    starts: 'replayed: a number in another spelling',
    reason:
      'moto keeps a number as it was written, and DynamoDB does not. Only the tests of damaged records write one with an exponent, and Doorcode reads values',
  },
  {
    engine: 'moto',
    starts: 'replayed: dynoxide ConditionalCheckFailedException, here not JSON, 500 Internal Server Error',
    reason: typesReason,
  },
  {
    engine: 'moto',
    starts: 'test: answers 503 for a damaged session and never ends it',
    reason: typesReason,
  },
  {
    engine: 'moto',
    starts: 'test: shows and ends nothing with a damaged session',
    reason: typesReason,
  },
];

const reasons = {
  lenient:
    'The engine’s own. DynamoDB refuses these, and an engine that refuses them took all that Doorcode sends, but for what no engine refuses',
  untold:
    'Open until a deployment. The largest expression that settings can ask for has less than half of the operators (test/table/expression-size.test.ts), and Doorcode asks for ALL_OLD alone',
  refusedItems:
    'Its issue 182. A proxy of ours reads the item right after the refusal and adds it; without it the flows could not be judged',
} as const;

/** Sorts what was said into findings and decisions. */
export function decide(
  dynoxide: Refusals,
  engines: readonly EngineSaid[],
): Pick<Verdict, 'findings' | 'decisions'> {
  const [refusals, answers] = [onRefusals(dynoxide, engines), engines.map(onAnswers)];
  return {
    findings: [...refusals.findings, ...answers.flatMap(({ findings }) => findings)],
    decisions: [...refusals.decisions, ...answers.flatMap(({ decisions }) => decisions)],
  };
}

type Sorted = ReturnType<typeof decide>;

function onRefusals(dynoxide: Refusals, engines: readonly EngineSaid[]): Sorted {
  const refusals = [
    { name: 'dynoxide', said: dynoxide },
    ...engines.map(({ tool, refusals: said }) => ({ name: nameOf(tool), said })),
  ];
  const taken = refusals.map(({ name, said }) => ({ name, seen: [...said.taken, ...said.otherErrors] }));
  const told = new Set(refusals.flatMap(({ said }) => said.inDynamoDbsWords));
  const silent = dynoxide.all.filter((name) => !told.has(name));
  return {
    findings: [
      ...taken.flatMap(({ name, seen }) =>
        unlike(seen, lenient[name] ?? []).map(
          (sentence) => `${name} does not refuse as DynamoDB does: ${sentence}`,
        ),
      ),
      ...unlike(silent, untold).map((sentence) => `refused by no engine in DynamoDB’s words: ${sentence}`),
    ],
    decisions: [
      ...taken
        .filter(({ seen }) => seen.length > 0)
        .map(({ name, seen }) => ({
          finding: `${name} does not refuse as DynamoDB does: ${seen.join('; ')}`,
          reason: reasons.lenient,
        })),
      { finding: `no engine refuses ${silent.join(', or ')}`, reason: reasons.untold },
      { finding: 'dynalite gives no item when a condition fails', reason: reasons.refusedItems },
    ],
  };
}

function onAnswers({ tool, replayed, flows, figures }: EngineSaid): Sorted {
  const sentences = [
    ...replayed.differences.map((difference) => `replayed: ${difference}`),
    ...flows.failed.map((failed) => `test: ${failed}`),
    ...figures.flatMap(({ id, violations }) => violations.map((violation) => `${id}: ${violation}`)),
  ];
  const own = decided.filter(({ engine }) => engine === nameOf(tool));
  const isOf = (sentence: string, { starts }: Decided): boolean => sentence.startsWith(starts);
  const unseen = own.filter((decision) => !sentences.some((sentence) => isOf(sentence, decision)));
  return {
    findings: [
      ...sentences
        .filter((sentence) => !own.some((decision) => isOf(sentence, decision)))
        .map((sentence) => `${tool}, ${sentence}`),
      ...unseen.map(({ starts }) => `${tool}, ${starts} (decided, and not seen any more)`),
    ],
    decisions: own
      .filter((decision) => !unseen.includes(decision))
      .map(({ starts, reason }) => ({ finding: `${tool}, ${starts}`, reason })),
  };
}

function nameOf(tool: string): string {
  return tool.split(' ')[0] ?? tool;
}

/** What is seen and not decided, and what is decided and not seen. */
function unlike(seen: readonly string[], listed: readonly string[]): readonly string[] {
  return [
    ...seen.filter((name) => !listed.includes(name)),
    ...listed
      .filter((name) => !seen.includes(name))
      .map((name) => `${name} (decided, and not seen any more)`),
  ];
}
