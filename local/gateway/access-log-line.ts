/** Writes the access log in the template's format. It replaces each `$context` variable, unknown ones by `-`, as AWS does. */
import type { AccessRecord } from './gateway.ts';

/** One line of the log. */
export function accessLogLine(format: string, record: AccessRecord): string {
  const context = new Map<string, string | number | undefined>([
    ['requestId', record.event?.requestContext.requestId],
    ['requestTime', record.event?.requestContext.time],
    ['routeKey', record.routeKey],
    ['status', record.status],
    ['identity.sourceIp', record.sourceIp],
    ['responseLatency', record.latencyMs],
    ['integration.latency', record.latencyMs],
    ['responseLength', record.responseBytes],
  ]);
  return format.replace(/\$context\.([A-Za-z.]+)/g, (_, name: string) => String(context.get(name) ?? '-'));
}
