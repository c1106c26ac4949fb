/** Where the client keeps what must survive a restart: the token, device tokens, and what is under way. */

export interface DoorcodeStorage {
  /** The value, or null. */
  read(key: string): Promise<string | null>;
  /** Keeps a value; null forgets it. */
  write(key: string, value: string | null): Promise<void>;
}

/** Forgets everything with the process: for tests, and for pages that must not keep a token. */
export function memoryStorage(): DoorcodeStorage {
  const values = new Map<string, string | null>();
  return {
    read: async (key) => values.get(key) ?? null,
    write: async (key, value) => {
      values.set(key, value);
    },
  };
}

interface SecureStoreOptions {
  readonly keychainAccessible?: number | undefined;
}

/** The part of `expo-secure-store` that is used. */
export interface SecureStoreLike {
  readonly AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY?: number | undefined;
  getItemAsync(key: string, options?: SecureStoreOptions): Promise<string | null>;
  setItemAsync(key: string, value: string, options?: SecureStoreOptions): Promise<void>;
  deleteItemAsync(key: string, options?: SecureStoreOptions): Promise<void>;
}

/**
 * Keychain and Keystore, by Expo: `secureStoreStorage(SecureStore)`. On iOS items are readable from the first unlock
 * after a start, also while the phone is locked, and stay on this device: in no backup and on no other phone.
 */
export function secureStoreStorage(store: SecureStoreLike): DoorcodeStorage {
  const options = { keychainAccessible: store.AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY };
  return {
    read: (key) => store.getItemAsync(key, options),
    write: (key, value) =>
      value === null ? store.deleteItemAsync(key, options) : store.setItemAsync(key, value, options),
  };
}
