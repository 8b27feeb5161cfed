// What a door keeps in the telephone: the list of tickets, and what has yet to be sent.
// Gone with `forget()`, when the link is taken back.
(() => {
  "use strict";

  const open = (name) => new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("people", { keyPath: "id" });
      // In the order in which it happened.
      request.result.createObjectStore("parts", { keyPath: "number", autoIncrement: true });
      request.result.createObjectStore("problems", { keyPath: "key" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  const run = (db, store, mode, work) => new Promise((resolve, reject) => {
    const transaction = db.transaction(store, mode);
    const request = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request && request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });

  window.doorStore = async (name) => {
    const db = await open(name);
    return {
      all: (store) => run(db, store, "readonly", (rows) => rows.getAll()),
      put: (store, row) => run(db, store, "readwrite", (rows) => rows.put(row)),
      remove: (store, key) => run(db, store, "readwrite", (rows) => rows.delete(key)),
      replace: (store, list) => run(db, store, "readwrite", (rows) => {
        rows.clear();
        list.forEach((row) => rows.put(row));
      }),
      forget: () => {
        db.close();
        return new Promise((resolve) => {
          const request = indexedDB.deleteDatabase(name);
          request.onsuccess = request.onerror = request.onblocked = resolve;
        });
      },
    };
  };
})();
