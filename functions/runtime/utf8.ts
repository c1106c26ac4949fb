/**
 * Bytes of outsiders as text, more strictly than `toString`: invalid UTF-8 (RFC 3629) is refused, not replaced, and a
 * byte order mark stays where it is, so that JSON.parse refuses it (RFC 8259, section 8.1).
 */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes UTF-8; throws a `TypeError` for bytes that are none. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
