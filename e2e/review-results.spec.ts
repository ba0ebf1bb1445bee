// The receipt back at the author: who sent what was approved, and what became of each change.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import { confirmWarnings, pastePeople, pickGroup } from './support/compose';
import { connect, openGroup, section } from './support/connect';
import { expectSound } from './support/looks';
import { askForReview, changes, closeMade, compare, copyLink, openRequest, openReviews, profile, sign, trust } from './support/review';
import { makeGroup } from './support/sandbox';
import { markScopes } from './support/scopes';
import { expect, test, type Quiet } from './support/test';
import { text } from './support/text';

const GROUP = { admins: ['fan-001'], participants: ['fan-003', 'fan-004', 'fan-005'] };
const results = (page: Page) => page.getByRole('region', { name: text('review.results'), exact: true }).first();
const row = (page: Page, uid: string) => results(page).getByRole('row').filter({ hasText: uid });

/** Opens the dialog that sends a receipt back, and returns the link and the file in it. */
async function receipt(page: Page): Promise<{ link: string; file: string }> {
  await page.getByRole('button', { name: text('review.send_back'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: text('review.send_back') });
  await expect(dialog).toContainText(text('review.send_back_body', { name: 'Ana Author' }));
  const link = await copyLink(page);
  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: text('review.save_file'), exact: true }).click();
  const file = readFileSync(await (await saving).path(), 'utf8');
  await dialog.getByRole('button', { name: text('common.close'), exact: true }).last().click();
  return { link, file };
}

/** The page of a colleague who has opened a request and approved all of it, unsigned. */
async function approving(browser: Browser, quiet: Quiet, key: string, asked: string): Promise<Page> {
  const page = await (await profile(browser, quiet)).newPage();
  await connect(page, 'CometChat', { key });
  await openRequest(page, asked);
  await trust(page);
  await compare(page);
  await page.getByRole('button', { name: text('review.approve_all'), exact: true }).click();
  return page;
}

/** Sends what was approved, and waits for the end. */
async function sendApproved(page: Page, count: number) {
  const run = page.getByRole('button', { name: text('review.run', { count }), exact: true });
  await confirmWarnings(page, run);
  await run.click();
  await expect(page).toHaveURL(/\/runs\/p[\w-]+$/);
  await expect(page.getByRole('button', { name: text('results.stop') })).toHaveCount(0);
}

test('the author sees who sent what, and what became of each change', async ({ page, browser, key, mark: guid, quiet, request }) => {
  await makeGroup(request, guid, GROUP);
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  await markScopes(page, [['fan-003', 'moderator'], ['fan-004', 'admin'], ['fan-005', 'moderator']]);
  const asked = await askForReview(page, { name: 'Ana Author', why: 'New season' });
  await closeMade(page);

  // Ben approves two of them, declines one, and sends them.
  const other = await approving(browser, quiet, `other-${guid}`, asked);
  // The most dangerous one is the first.
  await expect(changes(other).getByRole('rowheader').first()).toContainText('fan-004');
  await changes(other).focus();
  await other.keyboard.press('n');
  await expect(other.getByLabel(text('review.comment'), { exact: true })).toBeFocused();
  await other.keyboard.type('One admin is enough');
  await sign(other, 3, 'Ben Reviewer');
  await sendApproved(other, 2);
  const { link, file } = await receipt(other);
  for (const passed of [link, file]) expect(passed).not.toContain(`other-${guid}`);
  await expectSound(other, 'run-approved');

  await test.step('the kept request shows them', async () => {
    await openRequest(page, link);
    await expect(results(page)).toContainText('Ben Reviewer');
    await expect(results(page)).toContainText(text('review.ran', { count: 2 }));
    await expect(results(page)).toContainText(text('review.key_unknown', { name: 'Ben Reviewer' }));
    await expect(row(page, 'fan-003')).toContainText(text('results.done'));
    await expect(row(page, 'fan-005')).toContainText(text('results.done'));
    await expect(row(page, 'fan-004')).toContainText(text('review.declined'));
    await expect(row(page, 'fan-004')).toContainText('One admin is enough');
    await expect(page.getByText(text('review.receipt_new'))).toHaveCount(0);
    await expect(results(page).getByRole('button', { name: /^Retry / })).toHaveCount(0);
    await results(page).getByRole('button', { name: text('review.trust'), exact: true }).click();
    await expect(results(page)).not.toContainText(text('review.key_unknown', { name: 'Ben Reviewer' }));
    await expectSound(page, 'review-results');
    await page.reload();
    await expect(row(page, 'fan-003')).toContainText(text('results.done'));
    await openReviews(page);
    await expect(page.getByText(text('review.state_results'))).toBeVisible();
  });

  await test.step('what was edited, or is of another request, is refused', async () => {
    const cases: [string, string][] = [
      [file.replace('"outcome":"applied"', '"outcome":"no_op"'), 'open_changed'],
      [file.replace('One admin is enough', 'Two admins are enough'), 'open_changed'],
      [unrelated(file), 'open_unrelated'],
      [`{"claims":[${' '.repeat(9_000_000)}]}`, 'open_large'],
    ];
    for (const [passed, said] of cases) {
      await openReviews(page);
      await page.locator('input[type=file]').setInputFiles({ name: 'receipt.muster.json', mimeType: 'application/json', buffer: Buffer.from(passed) });
      await expect(page.getByText(text(`review.${said}`), { exact: true })).toBeVisible();
      await expect(page.getByRole('main')).not.toContainText('Ben Reviewer');
    }
  });

  await test.step('someone who never had the request is told so', async () => {
    const third = await profile(browser, quiet);
    const stranger = await third.newPage();
    await stranger.goto('/review');
    await stranger.locator('input[type=file]').setInputFiles({ name: 'receipt.muster.json', mimeType: 'application/json', buffer: Buffer.from(file) });
    await expect(stranger.getByText(text('review.receipt_new'))).toBeVisible();
    await expect(row(stranger, 'fan-003')).toContainText(text('results.done'));
    await expect(row(stranger, 'fan-004')).toContainText('One admin is enough');
    await third.close();
  });
  await other.context().close();
});

test('what was rejected becomes a new request', async ({ page, browser, key, mark: guid, quiet, request }) => {
  await makeGroup(request, guid, GROUP);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, guid);
  await pastePeople(page, 'fan-301\nuid-not-found');
  const asked = await askForReview(page, { name: 'Ana Author' });
  await closeMade(page);
  const other = await approving(browser, quiet, `other-${guid}`, asked);
  await sign(other, 2, 'Ben Reviewer');
  await sendApproved(other, 2);
  const { file } = await receipt(other);

  await openReviews(page);
  await page.locator('input[type=file]').setInputFiles({ name: 'receipt.muster.json', mimeType: 'application/json', buffer: Buffer.from(file) });
  await expect(row(page, 'uid-not-found')).toContainText(text('results.refused'));
  await expect(row(page, 'uid-not-found')).toContainText(text('errors.cometchat.err_uid_not_found.meaning'));
  await results(page).getByRole('button', { name: text('review.retry', { count: 1 }), exact: true }).click();
  await expect(page).toHaveURL(/\/runs\/open$/);
  await expect(page.getByRole('main')).toContainText(text('runs.n_rows', { count: 1 }));
  await expect(page.getByRole('button', { name: text('review.ask'), exact: true })).toBeVisible();
  await other.context().close();
});

/** The same receipt without the decision that it cites. */
function unrelated(file: string): string {
  const parsed = JSON.parse(file);
  return file.replace(JSON.stringify(parsed.decisions[0]), '');
}
