import { describe, expect, it } from 'vitest';
import { Sha256 } from '../../../lib/sdk-stand-ins/node-sha256.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe("the SDK's SHA-256", () => {
  it('is that of FIPS 180-2, appendix B', async () => {
    const hash = new Sha256();
    hash.update('a');
    hash.update(new TextEncoder().encode('bc'));
    expect(hex(await hash.digest())).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('is with a secret the HMAC of RFC 4231, case 2, whatever the secret is made of', async () => {
    const bytes = new TextEncoder().encode('Jefe');
    for (const secret of ['Jefe', bytes, bytes.buffer.slice(0, 4)]) {
      const hmac = new Sha256(secret);
      hmac.update('what do ya want for nothing?');
      expect(hex(await hmac.digest())).toBe(
        '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      );
    }
  });

  it('begins anew after a reset, with the same secret', async () => {
    const [once, again] = [new Sha256('key'), new Sha256('key')];
    again.update('something else');
    again.reset();
    for (const hash of [once, again]) hash.update('part');
    expect(hex(await again.digest())).toBe(hex(await once.digest()));
  });
});
