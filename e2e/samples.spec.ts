// The in-browser sandbox: sample communities without a key, and changes that survive a reload.
import { expect, test } from './support/test';
import { copied } from './support/clipboard';
import { go, section } from './support/connect';
import { expectOver, expectRow, pastePeople, pickGroup, send } from './support/compose';
import { text } from './support/text';

test('samples are added on the first visit, and what is done in them is there after a reload', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: text('overview.welcome_title') })).toBeVisible();
  await page.getByRole('button', { name: text('overview.look_try') }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('overview.title') })).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(3);

  await page.getByRole('article', { name: 'Superhero fans' }).getByRole('link', { name: text('shell.section_add') }).click();
  await pickGroup(page, 'book-circle');
  await pastePeople(page, 'fan-101\nfan-102\nuid-not-found');
  await send(page);
  await expectRow(page, 'fan-101', 'done');
  await expectRow(page, 'uid-not-found', 'refused');

  await page.reload();
  await pickGroup(page, 'book-circle');
  await expect(page.getByText(text('add.group_has', { count: 7 }))).toBeVisible();
  await pastePeople(page, 'fan-101');
  await expect(page.getByText(text('plan.same_already', { count: 1 }))).toBeVisible();

  await test.step('the sandbox is reset after a question', async () => {
    await go(page, 'sandbox');
    await page.getByRole('button', { name: text('sandbox.reset') }).click();
    await page.getByRole('dialog').getByRole('button', { name: text('sandbox.reset_confirm'), exact: true }).click();
    await expect(page.getByText(text('sandbox.reset_done'))).toBeAttached();
    await go(page, 'overview');
    await page.getByRole('article', { name: 'Superhero fans' }).getByRole('link', { name: text('shell.section_add') }).click();
    await pickGroup(page, 'book-circle');
    await expect(page.getByText(text('add.group_has', { count: 5 }))).toBeVisible();
  });
});

test('a connection is checked from the overview', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: text('overview.look_try') }).click();
  const card = page.getByRole('article', { name: 'Superhero fans' });
  await card.getByRole('button', { name: text('overview.check') }).click();
  await expect(card).toContainText(text('overview.key_accepted'));
});

test('the names that provoke errors are listed, searched and copied', async ({ page }) => {
  await page.goto('/sandbox');
  const table = page.getByRole('table', { name: text('sandbox.list') });
  await expect(table.getByRole('row').nth(100)).toBeAttached();
  await page.getByRole('searchbox', { name: text('sandbox.search') }).fill('uid-not-found');
  const copy = page.getByRole('button', { name: text('sandbox.copy', { value: 'uid-not-found' }), exact: true });
  const row = table.getByRole('row').filter({ has: copy }).first();
  await expect(row).toContainText(text('errors.cometchat.err_uid_not_found.meaning'));
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  // The search has drawn the rows anew.
  await expect(table.getByRole('row').nth(100)).toHaveCount(0);
  await copy.first().click();
  await expect(page.getByText(text('ui.copied'))).toBeAttached();
  expect(await copied(page)).toBe('uid-not-found');
  await page.getByRole('radio', { name: 'Genuin' }).check();
  await expect(page.getByText(text('sandbox.none_found_title'))).toBeVisible();
  await page.getByRole('button', { name: text('sandbox.show_everything') }).click();
  await expect(table.getByRole('row').nth(100)).toBeAttached();
});

test('the activity keeps every change beyond the page', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: text('overview.look_try') }).click();
  await page.getByRole('article', { name: 'Superhero fans' }).getByRole('link', { name: text('shell.section_add') }).click();
  await pickGroup(page, 'book-circle');
  await pastePeople(page, 'fan-111\nuid-not-found\nrow-missing');
  await send(page);
  await expectRow(page, 'fan-111', 'done');
  await expectOver(page);
  await go(page, 'activity');
  const entries = page.getByRole('grid', { name: text('activity.entries') }).getByRole('row');
  await expect(entries).toHaveCount(5);
  await expect(entries.filter({ hasText: 'uid-not-found' })).toContainText(text('results.refused'));

  await go(page, 'overview');
  await expect(page.getByRole('img', { name: text('overview.chart', { count: 1 }) })).toBeVisible();
  await page.reload();
  await go(page, 'activity');
  await expect(entries).toHaveCount(5);
});
