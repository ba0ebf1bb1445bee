// What a first load fetches, and pages that are fetched when they are opened.
import { expect, test } from './support/test';
import { addSamples } from './support/screens';
import { text } from './support/text';

const LATER = /\/pages-[0-9a-f]{16}\.wasm$/;

test('the overview fetches nothing that only other pages need', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', request => fetched.push(new URL(request.url()).pathname));
  await addSamples(page);
  await page.reload();
  await expect(page.getByRole('article', { name: 'Superhero fans' })).toBeVisible();
  expect(fetched.filter(path => LATER.test(path))).toEqual([]);
  expect(fetched.filter(path => /\/(muster|split)-[0-9a-f]{16}\.(js|wasm)$/.test(path)).length).toBeGreaterThan(0);
  await page.getByRole('link', { name: text('shell.settings'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
  await page.getByRole('link', { name: text('shell.sandbox'), exact: true }).click();
  await expect(page.getByText('uid-not-found').first()).toBeVisible();
  expect(fetched.filter(path => LATER.test(path)).length).toBe(1);
});

test('a page that could not be fetched says so and is fetched again', async ({ page, context, quiet }) => {
  quiet.lost();
  quiet.about(/ERR_INTERNET_DISCONNECTED|Failed to fetch|failed to load split module/);
  await page.goto('/');
  await expect(page.getByRole('button', { name: text('overview.look_try') })).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('link', { name: text('shell.settings'), exact: true }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText(text('ui.page_missing_title'));
  await context.setOffline(false);
  await page.getByRole('button', { name: text('ui.try_again') }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
});

test('a check asks a vendor from the overview', async ({ page }) => {
  await addSamples(page);
  await page.getByRole('button', { name: /Check.*Superhero fans/ }).click();
  await expect(page.getByRole('article', { name: 'Superhero fans' })).toContainText(text('overview.key_accepted'));
});
