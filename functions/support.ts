/** Entry of the function that the command `support` invokes: wiring only. No route and no service leads here. */
import { epochSeconds } from './runtime/clock.ts';
import { prepared } from './runtime/prepared.ts';
import { report } from './runtime/report.ts';
import { nameOf, Unavailable } from './runtime/unavailable.ts';
import { forget, held } from './support/forget.ts';
import { type Question, readQuestion } from './support/question.ts';
import { why } from './support/why.ts';
import { openSupport, portsOf } from './wiring/support-world.ts';

const world = prepared(openSupport);

/** Answers one question with lines for a person. Each use is a line in the log. */
export async function handler(
  event: unknown,
  { awsRequestId: requestId }: { readonly awsRequestId: string },
): Promise<{ readonly lines: readonly string[]; readonly at: number }> {
  const question = readQuestion(event);
  try {
    return { lines: await answer(question, requestId), at: epochSeconds() };
  } catch (error) {
    const { dependency = 'support', reason = nameOf(error) } = error instanceof Unavailable ? error : {};
    report({ code: 'support.failed', requestId, askedBy: question.askedBy, dependency, reason });
    throw new Error(`${dependency}: ${reason}`);
  }
}

async function answer(question: Question, requestId: string): Promise<readonly string[]> {
  const { ask, askedBy, phoneNumber } = question;
  const ports = await portsOf(world(), question);
  const numberTag = phoneNumber === undefined ? {} : { numberTag: ports.numberTagOf(phoneNumber) };
  if (question.ask === 'why') {
    const about = question.call === undefined ? 'a number' : `${question.call.member} ${question.call.value}`;
    report({ code: 'support.asked', requestId, askedBy, reason: `why: ${about}`, ...numberTag });
    return why(ports, question);
  }
  if (ask === 'held') {
    report({ code: 'support.asked', requestId, askedBy, reason: 'what is there of a number', ...numberTag });
    return held(ports, question.phoneNumber);
  }
  report({ code: 'support.forgot', requestId, askedBy, ...numberTag });
  return forget(ports, question.phoneNumber);
}
