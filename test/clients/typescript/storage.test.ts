import { describe, expect, it } from 'vitest';
import { secureStoreStorage } from '../../../clients/typescript/src/index.ts';

describe('the secure store', () => {
  it('keeps items readable after the first unlock, on this device only', async () => {
    const asked: unknown[][] = [];
    const storage = secureStoreStorage({
      AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY: 4,
      getItemAsync: async (...given) => {
        asked.push(given);
        return null;
      },
      setItemAsync: async (...given) => {
        asked.push(given);
      },
      deleteItemAsync: async (...given) => {
        asked.push(given);
      },
    });
    await storage.read('doorcode.token');
    await storage.write('doorcode.token', 't');
    await storage.write('doorcode.token', null);
    const options = { keychainAccessible: 4 };
    expect(asked).toEqual([
      ['doorcode.token', options],
      ['doorcode.token', 't', options],
      ['doorcode.token', options],
    ]);
  });
});
