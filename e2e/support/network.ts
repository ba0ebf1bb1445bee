// What the browser reports about the network.
import { type Page } from '@playwright/test';

/** Makes the browser report the data saver as on, so that nothing is prefetched. */
export async function saveData(page: Page) {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'connection', { get: () => ({ saveData: true }) });
  });
}
