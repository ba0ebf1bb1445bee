// Appearance and language of the console on this device, and what it stores there.
import { expect, test } from './support/test';
import { go, rail } from './support/connect';
import { addSamples } from './support/screens';
import { text } from './support/text';

test('theme and density are chosen, kept, and taken back with everything else', async ({ page }) => {
  await addSamples(page);
  await go(page, 'settings');
  const look = () => page.evaluate(() => {
    const { theme, density } = document.documentElement.dataset;
    return [theme, density, getComputedStyle(document.body).backgroundColor];
  });
  const [, , light] = await look();
  await page.getByRole('radio', { name: text('settings.theme_dark') }).check();
  await page.getByRole('radio', { name: text('settings.density_compact') }).check();
  await expect.poll(async () => (await look()).slice(0, 2)).toEqual(['dark', 'compact']);
  await expect.poll(async () => (await look())[2]).not.toBe(light);
  await page.reload();
  await expect(page.getByRole('radio', { name: text('settings.theme_dark') })).toBeChecked();
  await expect.poll(async () => (await look()).slice(0, 2)).toEqual(['dark', 'compact']);

  await page.getByRole('button', { name: text('settings.erase'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: text('settings.erase_title') });
  await dialog.getByRole('button', { name: text('settings.erase_keep') }).click();
  await expect(rail(page).getByRole('link', { name: 'Superhero fans' })).toBeVisible();
  await page.getByRole('button', { name: text('settings.erase'), exact: true }).click();
  await dialog.getByRole('button', { name: text('settings.erase_confirm'), exact: true }).click();
  await expect(rail(page).getByRole('link', { name: 'Superhero fans' })).toHaveCount(0);
  await expect(page.getByText(text('settings.erased'))).toBeAttached();
  await expect.poll(async () => (await look()).slice(0, 2)).toEqual([undefined, undefined]);
});

test('the menu of the top bar changes the looks too', async ({ page }) => {
  await page.goto('/settings');
  await page.getByRole('button', { name: text('shell.theme') }).click();
  await page.getByRole('menuitemradio', { name: text('settings.theme_dark') }).click();
  await expect(page.getByRole('radio', { name: text('settings.theme_dark') })).toBeChecked();
});

test('an address that leads nowhere says so and leads home', async ({ page }) => {
  await page.goto('/no/such/page');
  await expect(page.getByRole('heading', { level: 1, name: text('settings.not_found_title') })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('/no/such/page');
  await page.getByRole('link', { name: text('settings.not_found_home') }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('overview.welcome_title') })).toBeVisible();
});
