// What the browser reports about the network.
import { type Page } from '@playwright/test';

/** Makes the browser report the data saver as on, so that nothing is prefetched. */
export async function saveData(page: Page) {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'connection', { get: () => ({ saveData: true }) });
  });
}

/** Waits until the page has fetched everything ahead. Call it before the page loads, and await it later. */
export async function fetchedAhead(page: Page) {
  // The last file that is fetched ahead.
  const isLast = (url: string) => /\/app-[0-9a-f]{16}\.wasm$/.test(new URL(url).pathname);
  // Fetching ahead pauses while the page waits for something, so only the test's own limit ends it.
  const response = await page.waitForResponse(response => isLast(response.url()), { timeout: 0 });
  await response.finished();
}
