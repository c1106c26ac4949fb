/** The option by which phones on the network reach the API. */
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { openFront } from '../../local/listen.ts';
import { Advice } from '../../terminal/advice.ts';
import { call } from '../../test-kit/http.ts';

const own = Object.values(networkInterfaces())
  .flatMap((found) => found ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

describe('the API’s front', () => {
  it.runIf(own !== undefined)(
    'listens at an address of this machine only when it is named, and takes that name',
    async () => {
      const lanAddress = own ?? '';
      const closed = await openFront({ port: 0 });
      const { port } = new URL(closed.url);
      await expect(call(`http://${lanAddress}:${port}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      expect((await call(closed.url, { headers: { host: `${lanAddress}:${port}` } })).status).toBe(403);
      await closed.close();

      const open = await openFront({ port: 0, lanAddress });
      open.handle((_, response) => void response.end('yes'));
      expect(open.lanUrl).toBe(`http://${lanAddress}:${new URL(open.url).port}`);
      expect((await call(open.lanUrl ?? '')).text).toBe('yes');
      expect((await call(open.url)).text).toBe('yes');
      expect((await call(open.lanUrl ?? '', { headers: { host: 'evil.example' } })).status).toBe(403);
      await open.close();
    },
  );

  it.each(['0.0.0.0', '::', '127.0.0.1', '203.0.113.7', 'my-laptop', ''])(
    'says which addresses there are when it is told %j',
    async (lanAddress) => {
      await expect(openFront({ port: 0, lanAddress })).rejects.toThrow(Advice);
      await expect(openFront({ port: 0, lanAddress })).rejects.toThrow(
        "--lan: expected one of this machine's network addresses",
      );
    },
  );
});
