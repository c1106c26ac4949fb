/**
 * The client address as the gateway sees it, never as a header claims it. IPv4 counts by address, although a carrier's NAT
 * has thousands of phones behind one. IPv6 counts by /64, the smallest block of a subscriber (RFC 6177, section 2). All
 * spellings of a block are equal. An IPv4-mapped address (RFC 4291, section 2.5.5.2) counts as the IPv4 address.
 */
import { isIPv4, isIPv6 } from 'node:net';
import type { Limits } from './limits.ts';

/** The counted block, and how often it may ask in one window. */
export interface ClientAddress {
  readonly prefix: string;
  readonly ceiling: number;
  /** How many distinct numbers it may ask for in that window; undefined for IPv4, because of carriers' NAT. */
  readonly maxNumbers?: number | undefined;
}

type Ceilings = Pick<Limits, 'sendsPerIpv4Address' | 'sendsPerIpv6Prefix' | 'numbersPerIpv6Prefix'>;

/** The block of `sourceIp`. All texts that are not addresses share one block, with the lower ceiling. */
export function clientAddress(sourceIp: string, ceilings: Ceilings): ClientAddress {
  const ipv4 = isIPv4(sourceIp) ? sourceIp : mappedIpv4(sourceIp);
  if (ipv4 !== undefined) return { prefix: ipv4, ceiling: ceilings.sendsPerIpv4Address };
  const prefix = isIPv6(sourceIp) ? ipv6Groups(sourceIp).slice(0, 4).join(':') : 'unknown';
  return { prefix, ceiling: ceilings.sendsPerIpv6Prefix, maxNumbers: ceilings.numbersPerIpv6Prefix };
}

/** The eight groups of an IPv6 address, without leading zeros. */
function ipv6Groups(address: string): readonly string[] {
  const canonical = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const left = head.split(':').filter((group) => group !== '');
  const right = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right];
}

function mappedIpv4(address: string): string | undefined {
  if (!isIPv6(address)) return undefined;
  const groups = ipv6Groups(address);
  const isMapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff';
  if (!isMapped) return undefined;
  return groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((word) => [word >> 8, word & 0xff])
    .join('.');
}
