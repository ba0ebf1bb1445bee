// The scopes of a group: marked, reviewed, confirmed, sent, and the results.
import type { APIRequestContext, Locator } from '@playwright/test';
import { expect, test, type Page } from './support/test';
import { confirmWarnings } from './support/compose';
import { connect, openGroup, section } from './support/connect';
import { covered } from './support/looks';
import { addTo, BASES, hold, makeGroup, scopesOf } from './support/sandbox';
import { literally, scopeCell, text } from './support/text';

/** Marks a person for another scope. */
async function mark(page: Page, name: string, place: 'admin' | 'moderator' | 'participant' | 'banned' | 'not_in_group') {
  const cell = page.getByRole('radio', { name: scopeCell(name, place), exact: true });
  await cell.click();
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
    await expect(page.getByRole('radio', { name: scopeCell(names['fan-005'], 'banned'), exact: true })).toBeChecked();
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

test('what is marked while a run is under way stays when the run ends', async ({ page, key, mark: guid, request }) => {
  await makeGroup(request, guid, { admins: ['fan-001'], participants: ['fan-003', 'fan-004'] });
  const names = await namesOf(request, ['fan-003', 'fan-004']);
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  await mark(page, names['fan-003'], 'moderator');
  await mark(page, names['fan-004'], 'moderator');
  const release = await hold(request, guid, 'fan-003');
  await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
  await page.getByRole('button', { name: text('scopes.send', { count: 2 }) }).click();
  await expect.poll(async () => (await scopesOf(request, guid))['fan-003']).toBe('moderator');
  const results = page.getByRole('complementary', { name: text('scopes.results_title') });
  await results.getByRole('button', { name: text('common.close') }).first().click();
  await mark(page, names['fan-003'], 'banned');
  await release();
  // Only the change that was sent as it is marked leaves the marks.
  const staged = page.getByRole('region', { name: text('scopes.staged') });
  await expect(staged).toContainText(text('scopes.n_staged', { count: 1 }));
  await expect(staged).toContainText(text('scopes.n_banned', { count: 1 }));
  await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
  await page.getByRole('button', { name: text('scopes.send', { count: 1 }) }).click();
  await expect.poll(async () => (await scopesOf(request, guid))['fan-003']).toBeUndefined();
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
  await expect(page.getByRole('grid', { name: text('scopes.table') }).getByRole('rowheader')).toHaveCount(1);
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
  const names = await namesOf(request, ['fan-003']);
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  const grid = page.getByRole('grid', { name: text('scopes.table') });
  await page.getByRole('searchbox', { name: text('scopes.find') }).fill('fan-003');
  await expect(grid.getByRole('rowheader')).toHaveCount(1);
  const cell = (place: string) =>
    page.getByRole('radio', { name: new RegExp(`^${scopeCell(names['fan-003'], place)}`) });
  const current = (place: string) => grid.locator('[data-cursor]').filter({ has: cell(place) });
  const staged = page.getByRole('region', { name: text('scopes.staged') });
  await grid.focus();
  for (const place of ['admin', 'moderator', 'participant', 'banned']) {
    await page.keyboard.press('ArrowRight');
    await expect(current(place)).toHaveCount(1);
  }
  await expect(staged).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(cell('banned')).toBeChecked();
  await expect(staged).toContainText(text('scopes.n_staged', { count: 1 }));
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Space');
  await expect(staged).toHaveCount(0);
});

test('no row moves when the first person is selected', async ({ page, key, mark: guid, request }) => {
  await makeGroup(request, guid, { admins: ['fan-001'], participants: ['fan-003', 'fan-004'] });
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  const grid = page.getByRole('grid', { name: text('scopes.table') });
  await expect(grid).toHaveAttribute('aria-rowcount', '4');
  const top = async (of: Locator) => (await of.boundingBox())?.y ?? NaN;
  const below = async () => await top(grid.getByRole('row').nth(2)) - await top(page.getByRole('searchbox', { name: text('scopes.find') }));
  const before = await below();
  await grid.getByRole('row').nth(1).getByRole('checkbox').click();
  const bar = page.getByRole('region', { name: text('directory.selection') });
  await expect(bar).toBeInViewport({ ratio: 1 });
  expect(await below()).toBe(before);
});

test('a selection reaches beyond the screen, and is staged as a whole', async ({ page, key, request, mark: guid }) => {
  const ids = Array.from({ length: 120 }, (_, n) => `citizen-${String(n + 1).padStart(5, '0')}`);
  await makeGroup(request, guid, { admins: ['fan-001'] });
  for (let at = 0; at < ids.length; at += 25) await addTo(request, guid, ids.slice(at, at + 25));
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  const grid = page.getByRole('grid', { name: text('scopes.table') });
  await page.getByRole('searchbox', { name: text('scopes.find') }).fill('citizen');
  await expect(grid).toHaveAttribute('aria-rowcount', '121');
  await grid.getByRole('checkbox', { name: text('ui.select_all') }).click();
  const bar = page.getByRole('region', { name: text('directory.selection') });
  await expect(bar).toContainText(text('directory.selected', { count: 120 }));

  await page.getByRole('searchbox', { name: text('scopes.find') }).fill('citizen-00002');
  await expect(grid.getByRole('rowheader')).toHaveCount(1);
  await grid.getByRole('row').nth(1).getByRole('checkbox').click();
  await expect(bar).toContainText(text('directory.selected', { count: 119 }));
  // Everyone else stays selected while another search is shown.
  await page.getByRole('searchbox', { name: text('scopes.find') }).fill('fan-001');
  await expect(grid.getByRole('rowheader')).toHaveCount(1);
  await expect(bar).toContainText(text('directory.selected', { count: 119 }));

  await bar.getByRole('button', { name: text('scopes.set_scope') }).click();
  await page.getByRole('menuitem', { name: text('common.scope_moderator') }).click();
  const staged = page.getByRole('region', { name: text('scopes.staged') });
  await expect(staged).toContainText(text('scopes.n_staged', { count: 119 }));
  await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
  await page.getByRole('button', { name: text('scopes.send', { count: 119 }) }).click();
  await expect(page.getByRole('complementary', { name: text('scopes.results_title') })).toContainText(text('results.n_done', { count: 119 }));
  const after = await scopesOf(request, guid);
  expect(Object.values(after).filter(scope => scope === 'moderator')).toHaveLength(119);
  expect(after['citizen-00002']).toBe('participant');
});

test('a group of thirty thousand is read whole: the last person is found, sorted and selected', async ({ page, key }) => {
  await connect(page, 'CometChat', { key });
  await openGroup(page, 'metropolis');
  const grid = page.getByRole('grid', { name: text('scopes.table') });
  await expect(grid).toHaveAttribute('aria-rowcount', '30001');
  expect(await grid.getByRole('row').count()).toBeLessThan(60);
  await page.getByRole('searchbox', { name: text('scopes.find') }).fill('citizen 29998');
  await expect(grid.getByRole('rowheader')).toHaveText([/Citizen 29998/]);
  await page.getByRole('searchbox', { name: text('scopes.find') }).fill('');
  await grid.getByRole('button', { name: text('scopes.person') }).click();
  await expect(grid.getByRole('columnheader', { name: text('scopes.person') })).toHaveAttribute('aria-sort', 'descending');
  await expect(grid.getByRole('rowheader').first()).toContainText('Citizen 29999');
  await grid.focus();
  await page.keyboard.press('Control+End');
  await expect(grid.getByRole('row').last()).toHaveAttribute('aria-rowindex', '30001');
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('region', { name: text('directory.selection') })).toContainText(text('directory.selected', { count: 30_000 }));
});

test('reading a large group can be paused, and goes on where it was, also after the page was left', async ({ page, key, request }) => {
  await connect(page, 'CometChat', { key });
  const release = await hold(request, 'metropolis', 'members', 'page=4');
  await openGroup(page, 'metropolis');
  const grid = page.getByRole('grid', { name: text('scopes.table') });
  await page.getByRole('button', { name: text('directory.pause') }).click();
  await release();
  await expect(page.getByText(text('directory.paused', { n: '' }).replace(/\s*\.$/, ''))).toBeVisible();
  // What was read can be searched meanwhile.
  await expect(grid.getByRole('rowheader').first()).toBeVisible();
  await page.getByRole('button', { name: text('directory.go_on') }).click();
  await section(page, 'groups');
  await page.goBack();
  await expect(grid).toHaveAttribute('aria-rowcount', '30001');
  await expect(page.getByRole('button', { name: text('directory.pause') })).toHaveCount(0);
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
