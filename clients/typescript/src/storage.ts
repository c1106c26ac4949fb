/** Where the client keeps what must survive a restart: the token, the device token, and what is under way. */

export interface DoorcodeStorage {
  /** The value, or null. */
  read(key: string): Promise<string | null>;
  /** Keeps a value; null forgets it. */
  write(key: string, value: string | null): Promise<void>;
}

/** Forgets everything with the process: for tests, and for pages that must not keep a token. */
export function memoryStorage(): DoorcodeStorage {
  const values = new Map<string, string>();
  return {
    read: async (key) => values.get(key) ?? null,
    write: async (key, value) => {
      if (value === null) values.delete(key);
      else values.set(key, value);
    },
  };
}

/** The part of `expo-secure-store` that is used. */
export interface SecureStoreLike {
  getItemAsync(key: string): Promise<string | null>;
  setItemAsync(key: string, value: string): Promise<void>;
  deleteItemAsync(key: string): Promise<void>;
}

/** Keychain and Keystore, by Expo: `secureStoreStorage(SecureStore)`. */
export function secureStoreStorage(store: SecureStoreLike): DoorcodeStorage {
  return {
    read: (key) => store.getItemAsync(key),
    write: (key, value) => (value === null ? store.deleteItemAsync(key) : store.setItemAsync(key, value)),
  };
}
