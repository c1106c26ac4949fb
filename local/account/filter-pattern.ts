/**
 * CloudWatch Logs' filter patterns for JSON, as far as our template uses them: comparisons of texts with `=` and `!=`,
 * with `*` for any characters, `NOT EXISTS`, `&&`, `||` and parentheses.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
import { AwsError } from '../aws/aws-error.ts';
import { isLike } from '../aws/iam.ts';

type Matches = (event: unknown) => boolean;

const token = /\s*(&&|\|\||[()]|!=|=|NOT EXISTS|"(?:[^"\\]|\\.)*"|\$[\w.]*)/y;

/** The test that a pattern makes; throws what the service answers to a pattern that it does not understand. */
export function parseFilterPattern(pattern: string): Matches {
  const inside = /^\s*\{(.*)\}\s*$/s.exec(pattern)?.[1];
  if (inside === undefined) throw invalid();
  const tokens = tokensIn(inside);
  const matches = anyOf(tokens);
  if (tokens.length > 0) throw invalid();
  return matches;
}

function invalid(): AwsError {
  return new AwsError('InvalidParameterException', 'Invalid metric filter pattern');
}

function tokensIn(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const found = token.exec(text)?.[1];
    if (found === undefined) throw invalid();
    tokens.push(found);
  }
  return tokens;
}

function anyOf(tokens: string[]): Matches {
  const first = allOf(tokens);
  if (tokens[0] !== '||') return first;
  tokens.shift();
  const rest = anyOf(tokens);
  return (event) => first(event) || rest(event);
}

function allOf(tokens: string[]): Matches {
  const first = one(tokens);
  if (tokens[0] !== '&&') return first;
  tokens.shift();
  const rest = allOf(tokens);
  return (event) => first(event) && rest(event);
}

function one(tokens: string[]): Matches {
  const next = tokens.shift() ?? '';
  if (next === '(') {
    const inside = anyOf(tokens);
    if (tokens.shift() !== ')') throw invalid();
    return inside;
  }
  if (!next.startsWith('$.')) throw invalid();
  const read = (event: unknown): unknown =>
    next
      .slice(2)
      .split('.')
      .reduce<unknown>((value, name) => Object(value)[name], event);
  const operator = tokens.shift();
  if (operator === 'NOT EXISTS') return (event) => read(event) === undefined;
  const wanted = /^"(.*)"$/s.exec(tokens.shift() ?? '')?.[1];
  if (wanted === undefined || (operator !== '=' && operator !== '!=')) throw invalid();
  return (event) => {
    const value = read(event);
    const isEqual = typeof value === 'string' && isLike(value, wanted);
    // A field that is missing or null equals nothing, and differs from nothing either.
    return operator === '=' ? isEqual : typeof value === 'string' && !isEqual;
  };
}
