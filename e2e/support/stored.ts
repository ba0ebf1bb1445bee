// What the console stores in a browser.
import type { Page } from '@playwright/test';

/** Everything that the console stores in this browser, as text. */
export async function stored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const open = indexedDB.open('muster');
    await new Promise(done => { open.onsuccess = done; });
    const names = [...open.result.objectStoreNames];
    const transaction = open.result.transaction(names);
    const all = await Promise.all(names.map(name => new Promise(done => {
      const request = transaction.objectStore(name).getAll();
      request.onsuccess = () => done(request.result);
    })));
    open.result.close();
    return JSON.stringify([all, { ...localStorage }, { ...sessionStorage }]);
  });
}
