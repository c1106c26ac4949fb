/** The plan of an alarm: what it watches, when it goes off, and what the person on call does. */
import type { ComparisonOperator, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { type MessageCode, messages } from '../../functions/runtime/message-codes.ts';
import { meanings } from '../../functions/runtime/message-meanings.ts';
import type { DoorcodeMetrics } from '../metrics.ts';

export interface AlarmPlan {
  /** The id of the construct. */
  readonly id: string;
  readonly metric: IMetric;
  /** What happened and what to do; begins with `Doorcode: `. */
  readonly description: string;
  /** The alarm goes off above this value; with 0, the default, it goes off at the first count. */
  readonly threshold?: number;
  readonly comparison?: ComparisonOperator;
  /** How many periods in a row must be over the threshold; 1 by default. */
  readonly periods?: number;
}

/** An alarm that goes off at the first count of a message code, with that code's meaning and action as its text. */
export function atFirst(metrics: DoorcodeMetrics, id: string, code: MessageCode): AlarmPlan {
  return { id, metric: metrics.of(code), description: textOf(code) };
}

/** The text of an alarm that counts `code`: what the table of message codes says of it. */
export function textOf(code: MessageCode): string {
  return `Doorcode: ${meanings[code]} ${messages[code].action} (${code})`;
}
