// Key storage: places, the passphrase, locking.
import { expect, type Page } from '@playwright/test';
import { fillConnection, written, type Connecting } from './connect';
import type { VendorName } from './sandbox';
import { text } from './text';

export type Place = 'memory' | 'device';

export const button = (page: Page, key: string) => page.getByRole('button', { name: text(key), exact: true });
export const passphrase = (page: Page) => page.getByLabel(text('keys.passphrase'), { exact: true });
export const lockAll = (page: Page) => page.getByRole('banner').getByRole('button', { name: text('shell.lock_what') });

/** Chooses where the key is stored. */
export async function keepIn(page: Page, place: Place) {
  await page.getByRole('radio', { name: text(`keys.${place}`) }).check();
}

/** Sets the passphrase on a device without one. */
export async function choosePassphrase(page: Page, chosen: string) {
  await page.getByLabel(text('keys.passphrase_new'), { exact: true }).fill(chosen);
  await page.getByLabel(text('keys.passphrase_again'), { exact: true }).fill(chosen);
}

/** Adds a connection with its key stored in this place; ends on its members. */
export async function connectIn(page: Page, vendor: VendorName, place: Place, chosen: string, connecting: Connecting) {
  await fillConnection(page, vendor, connecting);
  await keepIn(page, place);
  if (place === 'device') {
    // The passphrase is chosen now unless the device has one.
    const fresh = page.getByLabel(text('keys.passphrase_new'), { exact: true });
    const open = page.getByText(text('keys.vault_open'));
    await expect(fresh.or(open)).toBeVisible();
    if (await fresh.isVisible()) await choosePassphrase(page, chosen);
  }
  await button(page, 'connections.add').click();
  await expect(page.getByRole('heading', { level: 1, name: text('members.title') })).toBeVisible();
  await written(page, connecting.name ?? `My ${vendor}`);
}
