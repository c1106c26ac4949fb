import { describe, expect, it } from 'vitest';
import { createDoorcode } from '../../../clients/typescript/src/index.ts';

/** Made at run time, so that no key stands in the repository. */
const key = ['sm', 'live', 'ab'.repeat(20)].join('_');
const baseUrl = 'https://api.example.com';

describe('the client’s options', () => {
  it.each([
    { baseUrl: `https://api.example.com/?k=${key}` },
    { baseUrl, apiKey: key },
    { baseUrl, 'x-api-key': 'anything' },
  ])('refuse a provider key, and do not repeat it', (options) => {
    const create = () => createDoorcode(options);
    expect(create).toThrow('belongs on the server');
    expect(create).not.toThrow(key);
  });

  it('refuse a provider key that comes with the headers', async () => {
    const doorcode = createDoorcode({ baseUrl, headers: () => ({ Authorization: `Bearer ${key}` }) });
    await expect(doorcode.requestOtp({ phoneNumber: '+919876543210' })).rejects.toThrow(
      'belongs on the server',
    );
  });

  it.each(['http://api.example.com', 'api.example.com', 'http://127.0.0.1.example.com', ''])(
    'refuse the address %j',
    (address) => {
      expect(() => createDoorcode({ baseUrl: address })).toThrow('https://');
    },
  );

  it.each([baseUrl, `${baseUrl}/`, 'http://127.0.0.1:4010', 'http://10.0.2.2:4010', 'http://localhost'])(
    'take the address %j',
    (address) => {
      expect(() => createDoorcode({ baseUrl: address })).not.toThrow();
    },
  );
});
