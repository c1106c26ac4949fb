/** What is wrong with stored controls, in words that show no number and no code. */
import * as v from 'valibot';
import { type Controls, controlsSchema } from '../../functions/otp/controls.ts';
import { hasMemberTwice } from '../../functions/runtime/json-faults.ts';
import { inOurWords } from '../../functions/settings/wording.ts';
import { Advice } from '../../terminal/advice.ts';

/** The mistakes in a secret's value, each with its place; none where the functions would accept the value. */
export function mistakesIn(json: string): readonly string[] {
  const parsed = parseJson(json);
  if (parsed === notJson) return ['not JSON'];
  if (hasMemberTwice(json)) return ['the whole: expected each member once (a repeated member would be lost)'];
  const { issues = [] } = v.safeParse(controlsSchema, parsed, inOurWords);
  return issues.map((issue) => `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
}

/** The controls as JSON; throws `Advice` where the functions would not accept them. */
export function storable(controls: Controls): string {
  const json = JSON.stringify(controls);
  const mistakes = mistakesIn(json);
  if (mistakes.length > 0) throw new Advice(`Nothing was changed:\n  ${mistakes.join('\n  ')}`);
  return json;
}

const notJson = Symbol('not JSON');

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return notJson;
  }
}
