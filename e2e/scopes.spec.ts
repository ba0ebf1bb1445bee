// The scopes of a group: marked, reviewed, confirmed, sent, and the results.
import type { APIRequestContext } from '@playwright/test';
import { expect, test, type Page } from './support/test';
import { confirmWarnings } from './support/compose';
import { connect, openGroup } from './support/connect';
import { covered } from './support/looks';
import { BASES, makeGroup, scopesOf } from './support/sandbox';
import { literally, text } from './support/text';

/** Marks a person for another scope, with the keyboard. */
async function mark(page: Page, name: string, place: 'admin' | 'moderator' | 'participant' | 'banned' | 'not_in_group') {
  const cell = page.getByRole('radio', { name: text('scopes.cell', { name, place: text(`common.scope_${place}`) }), exact: true });
  await cell.focus();
  await page.keyboard.press('Space');
  await expect(cell).toBeChecked();
}

test('scopes are marked, reviewed before and after, and sent', async ({ page, key, mark: guid, request }) => {
  await makeGroup(request, guid, { admins: ['fan-001', 'fan-002'], participants: ['fan-003', 'fan-004', 'fan-005'] });
  const names = await namesOf(request, ['fan-001', 'fan-003', 'fan-004', 'fan-005']);
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  await mark(page, names['fan-003'], 'moderator');
  await mark(page, names['fan-004'], 'not_in_group');
  await mark(page, names['fan-005'], 'banned');
  await mark(page, names['fan-001'], 'participant');
  await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
  const review = page.getByRole('complementary', { name: text('scopes.review_title', { count: 4 }) });
  await expect(review).toContainText(text('scopes.note_removed'));
  await expect(review).toContainText(text('scopes.note_banned'));
  expect(await scopesOf(request, guid)).toMatchObject({ 'fan-003': 'participant' });
  await review.getByRole('button', { name: text('scopes.send', { count: 4 }) }).click();
  const results = page.getByRole('complementary', { name: text('scopes.results_title') });
  await expect(results.getByRole('heading', { level: 2, name: text('results.n_done', { count: 4 }) })).toBeVisible();
  const after = await scopesOf(request, guid);
  expect(after).toMatchObject({ 'fan-001': 'participant', 'fan-002': 'admin', 'fan-003': 'moderator' });
  expect(after['fan-004']).toBeUndefined();
  expect(after['fan-005']).toBeUndefined();

  await test.step('the ban is lifted again', async () => {
    await results.getByRole('button', { name: text('common.close') }).first().click();
    await expect(page.getByRole('radio', { name: `${names['fan-005']}: ${text('common.scope_banned')}`, exact: true })).toBeChecked();
    await mark(page, names['fan-005'], 'not_in_group');
    await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
    await page.getByRole('button', { name: text('scopes.send', { count: 1 }) }).click();
    await expect(page.getByRole('complementary', { name: text('scopes.results_title') })).toContainText(text('results.n_done', { count: 1 }));
  });
});

test('the last admin and the own scope are warned of, and have to be confirmed', async ({ page, key, mark: guid, request }) => {
  await makeGroup(request, guid, { admins: ['fan-010'], participants: ['fan-011'] });
  const names = await namesOf(request, ['fan-010']);
  await connect(page, 'CometChat', { key, actingAs: 'fan-010' });
  await openGroup(page, guid);
  await mark(page, names['fan-010'], 'participant');
  await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
  const review = page.getByRole('complementary', { name: text('scopes.review_title', { count: 1 }) });
  await expect(review).toContainText(text('problems.own_scope'));
  await expect(review).toContainText(/will have no admin/);
  const sendIt = review.getByRole('button', { name: text('scopes.send', { count: 1 }) });
  await expect(sendIt).toHaveAttribute('aria-disabled', 'true');
  await expect(review).toContainText(text('plan.confirm_first'));
  await confirmWarnings(review, sendIt);
});

test('marks can be discarded, filtered and taken back', async ({ page, key, mark: guid, request }) => {
  await makeGroup(request, guid, { participants: ['fan-021', 'fan-022'] });
  const names = await namesOf(request, ['fan-021', 'fan-022']);
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  await mark(page, names['fan-021'], 'admin');
  await mark(page, names['fan-022'], 'moderator');
  await page.getByRole('button', { name: text('scopes.discard') }).click();
  await expect(page.getByRole('button', { name: text('scopes.review'), exact: true })).toHaveCount(0);
  await expect(page.getByText(text('scopes.discarded'))).toBeAttached();
  await page.getByRole('searchbox', { name: text('scopes.find') }).fill('fan-022');
  await expect(page.getByRole('rowheader', { name: literally(names['fan-021']) })).toHaveCount(0);
});

test('what a scope change is refused for stays beside the person', async ({ page, key, quiet }) => {
  quiet.statuses(400, 404, 500);
  await connect(page, 'CometChat', { key });
  await openGroup(page, 'trouble');
  await page.getByRole('searchbox', { name: text('scopes.find') }).fill('not-a-member');
  await expect(page.getByRole('table', { name: text('scopes.table') }).getByRole('row')).toHaveCount(2);
  await mark(page, 'Sentinel not-a-member', 'moderator');
  await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
  await page.getByRole('button', { name: text('scopes.send', { count: 1 }) }).click();
  const results = page.getByRole('complementary', { name: text('scopes.results_title') });
  await expect(results).toContainText(text('errors.cometchat.err_not_a_member.meaning'));
});

/** People's names in the sandbox. */
async function namesOf(request: APIRequestContext, uids: string[]): Promise<Record<string, string>> {
  const entries = await Promise.all(uids.map(async uid => {
    const response = await request.get(`${BASES.CometChat}/users/${uid}`, { headers: { apikey: `names-${uid}` } });
    return [uid, (await response.json()).data.name as string];
  }));
  return Object.fromEntries(entries);
}

test('arrow keys move in the matrix and change nothing, Space and Enter mark', async ({ page, key, mark: guid, request }) => {
  await makeGroup(request, guid, { admins: ['fan-001'], participants: ['fan-003', 'fan-004'] });
  const names = await namesOf(request, ['fan-003', 'fan-004']);
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  const cell = (name: string, place: string) =>
    page.getByRole('radio', { name: new RegExp(`^${text('scopes.cell', { name, place: text(`common.scope_${place}`) })}`) });
  await cell(names['fan-003'], 'participant').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(cell(names['fan-003'], 'moderator')).toBeFocused();
  await expect(cell(names['fan-003'], 'moderator')).not.toBeChecked();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(cell(names['fan-003'], 'banned')).toBeFocused();
  await expect(page.getByRole('region', { name: text('scopes.staged') })).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(cell(names['fan-003'], 'banned')).toBeChecked();
  await expect(page.getByRole('region', { name: text('scopes.staged') })).toContainText(text('scopes.n_staged', { count: 1 }));
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Space');
  await expect(page.getByRole('region', { name: text('scopes.staged') })).toHaveCount(0);
});

test('a row keeps its elements, and so the focus, while the table is filtered', async ({ page, key }) => {
  await connect(page, 'CometChat', { key });
  await openGroup(page, 'superhero-fans');
  const rows = page.getByRole('table', { name: text('scopes.table') }).getByRole('row');
  const chidi = await rows.filter({ hasText: 'Chidi Nowak' }).elementHandle();
  await page.getByRole('searchbox', { name: text('scopes.find') }).fill('Chidi');
  await expect(rows).toHaveCount(2);
  expect(await rows.filter({ hasText: 'Chidi Nowak' }).evaluate((row, before) => row === before, chidi)).toBe(true);
});

test('at 400 % the bar of staged changes leaves the rows in view', async ({ page, key }) => {
  await connect(page, 'CometChat', { key });
  await openGroup(page, 'superhero-fans');
  await page.getByRole('searchbox', { name: text('scopes.find') }).fill('Chidi');
  await mark(page, 'Chidi Nowak', 'moderator');
  await page.setViewportSize({ width: 320, height: 256 });
  await expect(page.getByRole('region', { name: text('scopes.staged') })).toContainText(text('scopes.n_staged', { count: 1 }));
  expect(await covered(page)).toBeLessThan(0.35);
});
