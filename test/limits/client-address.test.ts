import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../functions/limits/client-address.ts';

const ceilings = { sendsPerIpv4Address: 200, sendsPerIpv6Prefix: 20, numbersPerIpv6Prefix: 8 };
const prefixOf = (sourceIp: string): string => clientAddress(sourceIp, ceilings).prefix;

describe('a client address', () => {
  it('is the whole address in IPv4', () => {
    expect(clientAddress('203.0.113.7', ceilings)).toEqual({ prefix: '203.0.113.7', ceiling: 200 });
  });

  it('is the /64 in IPv6', () => {
    expect(clientAddress('2001:db8:1:2:3:4:5:6', ceilings)).toEqual({
      prefix: '2001:db8:1:2',
      ceiling: 20,
      maxNumbers: 8,
    });
  });

  it.each([
    '2001:db8::1',
    '2001:DB8::1',
    '2001:0db8:0000:0000:0000:0000:0000:0001',
    '2001:db8:0:0:ffff:ffff:ffff:ffff',
    '2001:db8::a:b:c:d',
    '2001:db8:0:0::192.0.2.33',
    '2001:db8::1%eth0',
  ])('is one /64 however %s is spelt', (sourceIp) => {
    expect(prefixOf(sourceIp)).toBe('2001:db8:0:0');
  });

  it('tells neighbouring /64s apart', () => {
    expect(prefixOf('2001:db8:0:1::1')).not.toBe(prefixOf('2001:db8:0:2::1'));
  });

  it.each(['::ffff:203.0.113.7', '::ffff:cb00:7107', '0:0:0:0:0:ffff:203.0.113.7'])(
    'is the IPv4 address in %s',
    (sourceIp) => {
      expect(clientAddress(sourceIp, ceilings)).toEqual({ prefix: '203.0.113.7', ceiling: 200 });
    },
  );

  it.each(['', 'unknown', '203.0.113.7, 198.51.100.1', '999.1.1.1', '::g'])(
    'is one shared block for %j',
    (sourceIp) => {
      expect(clientAddress(sourceIp, ceilings)).toEqual({
        prefix: 'unknown',
        ceiling: 20,
        maxNumbers: 8,
      });
    },
  );
});
