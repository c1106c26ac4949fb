/**
 * The log: one line per decision, as an object, which Lambda's JSON log format keeps as it is. A line has a message
 * code, the request's id and reasons in our own words; never a number, a code, a token, a key or a body.
 */

export interface LogLine {
  /** A message code, such as `request-otp.accepted`. */
  readonly code: string;
  /** The gateway's id of the request. */
  readonly requestId: string;
  readonly reason?: string | undefined;
  readonly dependency?: string | undefined;
  /** A keyed hash that stands for the number: equal for equal numbers, and meaningless outside. */
  readonly numberTag?: string | undefined;
}

/** An expected decision, refusals included. */
export function logDecision(line: LogLine): void {
  console.info(line);
}

/** Something that somebody should look at. */
export function logFault(line: LogLine): void {
  console.error(line);
}
