/** An alarm before it is made: what it watches, when it goes off, and what whoever is woken does. */
import type { ComparisonOperator, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { type MessageCode, messages } from '../../functions/runtime/message-codes.ts';
import { meanings } from '../../functions/runtime/message-meanings.ts';
import type { DoorcodeMetrics } from '../metrics.ts';

export interface AlarmPlan {
  /** Its construct's id. */
  readonly id: string;
  readonly metric: IMetric;
  /** What happened and what to do; begins with `Doorcode: `. */
  readonly description: string;
  /** It goes off above this; 0, the default, is at the first. */
  readonly threshold?: number;
  readonly comparison?: ComparisonOperator;
  /** How many periods in a row; 1 by default. */
  readonly periods?: number;
}

/** An alarm at the first of a code, with the words that the log and the README have for it. */
export function atFirst(metrics: DoorcodeMetrics, id: string, code: MessageCode): AlarmPlan {
  const { action } = messages[code];
  return { id, metric: metrics.of(code), description: `Doorcode: ${meanings[code]} ${action} (${code})` };
}
