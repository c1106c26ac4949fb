import { useEffect, useState } from 'react';
import { type Decision, readDecisions } from './page-server.ts';
import type { Call, Phone } from './phone.ts';

interface Decided extends Call {
  readonly decisions: readonly Decision[];
}

const shown = 6;

/** What the server decided about each call, as its own log says it. */
export function Decisions({ onCall }: Pick<Phone, 'onCall'>) {
  const [calls, setCalls] = useState<readonly Decided[]>([]);
  useEffect(
    () =>
      onCall((call) => {
        readDecisions(call.id).then((decisions) =>
          setCalls((before) => [{ ...call, decisions }, ...before].slice(0, shown)),
        );
      }),
    [onCall],
  );
  return (
    <section aria-labelledby="decisions-title" className="card">
      <h2 id="decisions-title">What the server decided</h2>
      {calls.length === 0 ? (
        <p className="soft">Each call of the app shows up here, as the log has it.</p>
      ) : null}
      <ol className="calls">
        {calls.map(({ id, path, status, decisions }) => (
          <li key={id}>
            <p className="call">
              <code>POST {path}</code>
              <span className={status < 300 ? 'status good' : 'status'}>{status}</span>
            </p>
            {decisions.map(({ code, meaning, reason }) => (
              <p className="decision" key={code}>
                <code>{code}</code> {meaning}
                {reason === undefined ? null : <em> ({reason})</em>}
              </p>
            ))}
            <p className="soft small">
              reference <code>{decisions[0]?.supportReference ?? id}</code>
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
