/** Replaces `session-discovery.ts` in a bundle without sessions. */
import { discoveryDocument, openIdConfigurationPath } from './discovery.ts';

/** The documents of `issuer`, by their paths: one. */
export function discoveryDocuments(issuer: string): Readonly<Record<string, object>> {
  return { [openIdConfigurationPath]: discoveryDocument(issuer) };
}
