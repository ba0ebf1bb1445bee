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

/** Lets nothing be written to a store of this browser until the function that it returns is called. */
export async function holdWrites(page: Page, store: string): Promise<() => Promise<void>> {
  const held = await page.evaluateHandle(async store => {
    const open = indexedDB.open('muster');
    await new Promise(done => { open.onsuccess = done; });
    const reading = open.result.transaction(store).objectStore(store);
    const state = { isHeld: true };
    // A transaction lasts as long as it is asked something. Others can read meanwhile.
    const ask = () => {
      if (state.isHeld) reading.count().onsuccess = ask;
      else open.result.close();
    };
    ask();
    return state;
  }, store);
  return () => held.evaluate(state => { state.isHeld = false; });
}
