import type { SessionEntry } from 'doorcode-client';

interface SessionDevicesProps {
  readonly devices: readonly SessionEntry[];
  readonly onEnd: (id: string) => void;
}

/** The devices that are signed in with the number, each with a button that ends it. */
export function SessionDevices({ devices, onEnd }: SessionDevicesProps) {
  return (
    <ul aria-label="Signed in with this number" className="devices">
      {devices.map(({ id, label, begun, lastUsed, current }) => (
        <li key={id}>
          <span>
            {label || 'A device without a name'} {current ? <strong>(this one)</strong> : null}
            <span className="soft small">
              since {begun}, last used {lastUsed}
            </span>
          </span>
          {current ? null : (
            <button aria-label={`End the session of ${label}`} onClick={() => onEnd(id)} type="button">
              End
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
