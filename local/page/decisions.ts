/** Finds the functions' log lines about one request, by the id in its answer. */
import * as v from 'valibot';
import type { MessageCode } from '../../functions/runtime/message-codes.ts';
import { meanings } from '../../functions/runtime/message-meanings.ts';
import type { LocalStack } from '../local-stack.ts';

export interface Decision {
  readonly function: string;
  readonly level: string;
  readonly code: string;
  /** The same in a sentence. */
  readonly meaning: string;
  readonly status?: number | undefined;
  readonly reason?: string | undefined;
  readonly supportReference: string;
}

const lineSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    level: v.string(),
    message: v.object({
      code: v.string(),
      requestId: v.string(),
      status: v.optional(v.number()),
      reason: v.optional(v.string()),
      supportReference: v.string(),
    }),
  }),
);

/** The decisions of a request, oldest first. Lines of another shape, such as metrics, are not among them. */
export function decisionsOf(logLines: LocalStack['logLines'], id: string): readonly Decision[] {
  return logLines.flatMap(({ function: name, line }) => {
    const parsed = v.safeParse(lineSchema, line);
    if (!parsed.success || parsed.output.message.requestId !== id) return [];
    const { level, message } = parsed.output;
    const { code, status, reason, supportReference } = message;
    const meaning = Object.hasOwn(meanings, code) ? meanings[code as MessageCode] : code;
    return [{ function: name, level, code, meaning, status, reason, supportReference }];
  });
}
