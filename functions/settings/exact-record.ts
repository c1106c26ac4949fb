/**
 * A record with arbitrary names, parsed completely or refused. valibot's `record` silently drops the names `__proto__`,
 * `prototype` and `constructor`, and takes a list for an empty record. The parsed value would then differ from the input.
 */
import * as v from 'valibot';

type Names = Readonly<Record<string, unknown>>;
type Key = v.BaseSchema<string, string, v.BaseIssue<unknown>>;

/** The schema of a record. `expected` is the message for an input that is not a record. */
export function exactRecord<const V extends v.GenericSchema>(key: Key, value: V, expected: string) {
  return v.pipe(
    v.custom<Readonly<Record<string, v.InferInput<V>>>>(isRecord, expected),
    v.rawCheck<Names>(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const input = dataset.value;
      const kept = v.parse(anyRecord, input);
      for (const name of Object.keys(input)) {
        if (Object.hasOwn(kept, name)) continue;
        const path = [{ type: 'object', origin: 'key', input, key: name, value: input[name] }] as const;
        addIssue({ message: 'expected another name: this one is lost on the way', path: [...path] });
      }
    }),
    v.record(key, value),
  );
}

function isRecord(input: unknown): boolean {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

const anyRecord = v.record(v.string(), v.unknown());
