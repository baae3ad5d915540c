/*
 * What an import needs to go on after its tab was closed: the rows of the file and how far it has come, for each tenant.
 * No token is among it; signing out deletes it.
 */

const NAME = "import";
const STORE = "kept";

/** @returns what was kept under a key; `undefined` if nothing was */
export function kept<T>(key: string): Promise<T | undefined> {
  return inStore("readonly", (store) => store.get(key) as IDBRequest<T | undefined>);
}

export async function keep(key: string, value: unknown): Promise<void> {
  await inStore("readwrite", (store) => store.put(value, key));
}

export async function forget(...keys: string[]): Promise<void> {
  for (const key of keys) await inStore("readwrite", (store) => store.delete(key));
}

export function forgetImports(): void {
  indexedDB.deleteDatabase(NAME);
}

/** Opens the database for one step, so that nothing keeps it from being deleted. */
async function inStore<T>(
  mode: IDBTransactionMode,
  step: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await resultOf(opening);
  try {
    const transaction = database.transaction(STORE, mode);
    const result = await resultOf(step(transaction.objectStore(STORE)));
    if (mode === "readwrite") await committed(transaction);
    return result;
  } finally {
    database.close();
  }
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
