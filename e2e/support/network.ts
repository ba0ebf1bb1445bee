// What the browser is told about the network.
import { type Page } from '@playwright/test';

/** Lets the browser ask for little data to be sent, so that nothing is fetched before it is needed. */
export async function saveData(page: Page) {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'connection', { get: () => ({ saveData: true }) });
  });
}
