// What a person does while a request is made, signed or sent is neither lost nor taken for something else.
import type { APIRequestContext, Browser } from '@playwright/test';
import { confirmWarnings } from './support/compose';
import { connect, openGroup } from './support/connect';
import { askForReview, change, changes, compare, openRequest, profile, sign, trust } from './support/review';
import { makeGroup, scopesOf } from './support/sandbox';
import { markScopes } from './support/scopes';
import { holdWrites, stored } from './support/stored';
import { expect, test, type Page, type Quiet } from './support/test';
import { text } from './support/text';

const GROUP = { admins: ['fan-001'], participants: ['fan-003', 'fan-004', 'fan-005'] };

/** The preview of two changes in a new group. */
async function preview(page: Page, request: APIRequestContext, key: string, guid: string) {
  await makeGroup(request, guid, GROUP);
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  await markScopes(page, [['fan-003', 'moderator'], ['fan-004', 'moderator']]);
}

/** The page of a colleague who compares a request for two changes. */
async function comparing(page: Page, browser: Browser, quiet: Quiet, request: APIRequestContext, key: string, guid: string): Promise<Page> {
  await preview(page, request, key, guid);
  const link = await askForReview(page, { name: 'Ana Author' });
  const other = await (await profile(browser, quiet)).newPage();
  await connect(other, 'CometChat', { key: `other-${guid}` });
  await openRequest(other, link);
  await trust(other);
  await compare(other);
  return other;
}

const comment = (page: Page) => page.getByLabel(text('review.comment'), { exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('a request whose dialog was closed while it was made is there', async ({ page, key, mark: guid, request }) => {
  await preview(page, request, key, guid);
  await button(page, text('review.ask')).click();
  const dialog = page.getByRole('dialog', { name: text('review.ask_title') });
  await dialog.getByLabel(text('review.name'), { exact: true }).fill('Ana Author');
  await dialog.getByLabel(text('review.why')).fill('New season');
  const letWrite = await holdWrites(page, 'review');
  await dialog.getByRole('button', { name: text('review.make'), exact: true }).click();
  await expect(dialog.getByRole('button', { name: text('review.make'), exact: true })).toHaveAttribute('aria-busy', 'true');
  await dialog.getByRole('button', { name: text('ui.cancel'), exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await letWrite();
  await expect.poll(() => stored(page)).toContain('New season');
  await page.goto('/review');
  await expect(page.getByRole('main')).toContainText('New season');
});

test('what is decided while decisions are signed stays to be signed', async ({ page, browser, key, mark: guid, quiet, request }) => {
  const other = await comparing(page, browser, quiet, request, key, guid);
  await changes(other).focus();
  await other.keyboard.press('y');
  await other.getByLabel(text('review.name'), { exact: true }).fill('Ben Reviewer');
  const letWrite = await holdWrites(other, 'review');
  await button(other, text('review.sign', { count: 1 })).click();
  await changes(other).focus();
  await other.keyboard.press('n');
  await expect(comment(other)).toBeFocused();
  await other.keyboard.type('Not now');
  await letWrite();
  await expect(other.getByRole('main')).toContainText(text('review.decision_of', { approved: '1', declined: '0' }));
  await expect(comment(other)).toHaveValue('Not now');
  await sign(other, 1);
  await expect(other.getByRole('main')).toContainText(text('review.decision_of', { approved: '0', declined: '1' }));
  await other.context().close();
});

test('among undecided changes, a reason is that of the change that was declined', async ({ page, browser, key, mark: guid, quiet, request }) => {
  const other = await comparing(page, browser, quiet, request, key, guid);
  const undecided = (n: number) => other.getByRole('radio', { name: text('review.show_n', { name: text('review.show_undecided'), n: String(n) }) });
  await undecided(2).check();
  await changes(other).focus();
  const first = await changes(other).getByRole('rowheader').first().innerText();
  await other.keyboard.press('n');
  await expect(comment(other)).toBeFocused();
  await other.keyboard.type('Not now');
  await expect(undecided(1)).toBeChecked();
  await other.getByRole('radio', { name: text('review.show_n', { name: text('review.show_all'), n: '2' }) }).check();
  const declined = changes(other).getByRole('row').filter({ hasText: text('review.declined') });
  await expect(declined.getByRole('rowheader')).toHaveText(first, { useInnerText: true });
  await declined.click();
  await expect(comment(other)).toHaveValue('Not now');
  await change(other, first.includes('fan-003') ? 'fan-004' : 'fan-003').click();
  await expect(comment(other)).toHaveValue('');
  await other.context().close();
});

test('nothing is sent once the key of the author was withdrawn in another tab', async ({ page, browser, key, mark: guid, quiet, request }) => {
  const other = await comparing(page, browser, quiet, request, key, guid);
  await button(other, text('review.approve_all')).click();
  await sign(other, 2, 'Ben Reviewer');
  const send = button(other, text('review.run', { count: 2 }));
  await confirmWarnings(other, send);
  const tab = await other.context().newPage();
  await tab.goto(new URL('/review', other.url()).href);
  await button(tab, text('review.withdraw_named', { name: 'Ana Author' })).click();
  await tab.getByRole('dialog').getByRole('button', { name: text('review.withdraw'), exact: true }).click();
  await expect(tab.getByRole('main')).toContainText(text('review.withdrawn_since', { since: '' }));
  await send.click();
  await expect(other.getByRole('main')).toContainText(text('review.lack_withdrawn'));
  await expect(send).toHaveCount(0);
  await expect(other).toHaveURL(/\/review\?/);
  expect(await scopesOf(request, guid)).toEqual({ 'fan-001': 'admin', 'fan-003': 'participant', 'fan-004': 'participant', 'fan-005': 'participant' });
  await other.context().close();
});
