// Undoing the changes of a run: what can be undone, what stays and why, and undoing that.
import type { APIRequestContext } from '@playwright/test';
import { expect, test, type Page } from './support/test';
import { confirmWarnings, pastePeople, send } from './support/compose';
import { connect, openGroup, rail, section } from './support/connect';
import { expectSound } from './support/looks';
import { BASES, makeGroup, scopesOf } from './support/sandbox';
import { markScopes, type Mark } from './support/scopes';
import { text } from './support/text';

/** Sets scopes in a group with one plan, and opens the page of its run. */
async function change(page: Page, marks: Mark[]) {
  await markScopes(page, marks);
  await page.getByRole('button', { name: text('scopes.send', { count: marks.length }) }).click();
  const results = page.getByRole('complementary', { name: text('scopes.results_title') });
  await expect(results.getByRole('heading', { level: 2, name: text('results.n_done', { count: marks.length }) })).toBeVisible();
  await openLastRun(page);
}

async function openLastRun(page: Page) {
  await rail(page).getByRole('link', { name: text('runs.title') }).click();
  await page.getByRole('main').getByRole('listitem').first().getByRole('link').first().click();
  await expect(page).toHaveURL(/\/runs\/p[\w-]+$/);
}

const startUndo = (page: Page) => page.getByRole('main').getByRole('link', { name: text('undo.title'), exact: true }).click();
const undoable = (page: Page) => page.getByRole('grid', { name: text('undo.rows') });
const staying = (page: Page) => page.getByRole('grid', { name: text('undo.left') });

/** Sends the undo, and waits for the end of its run. */
async function undo(page: Page, count: number) {
  const before = page.url().replace(/\/undo.*/, '');
  await page.getByRole('button', { name: text('undo.send', { count }), exact: true }).click();
  await expect(page).not.toHaveURL(new RegExp(before));
  await expect(page.getByRole('main').getByRole('link', { name: text('undo.title'), exact: true })).toBeVisible();
}

async function setScope(request: APIRequestContext, guid: string, uid: string, scope: string) {
  const headers = { apikey: `maker-${guid}` };
  const set = await request.put(`${BASES.CometChat}/groups/${guid}/members/${uid}`, { headers, data: { scope } });
  expect(set.ok(), await set.text()).toBe(true);
}

test('changes are undone but for those that changed since, and the undo is undone', async ({ page, key, mark: guid, request }) => {
  const before = { 'fan-001': 'admin', 'fan-003': 'participant', 'fan-004': 'participant', 'fan-005': 'participant' };
  await makeGroup(request, guid, { admins: ['fan-001'], participants: ['fan-003', 'fan-004', 'fan-005'] });
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  await change(page, [['fan-003', 'moderator'], ['fan-004', 'not_in_group'], ['fan-005', 'moderator']]);
  await setScope(request, guid, 'fan-005', 'admin');

  await startUndo(page);
  await expect(page.getByRole('heading', { level: 1, name: text('undo.title') })).toBeVisible();
  const row = (uid: string) => undoable(page).getByRole('row').filter({ hasText: uid });
  await expect(row('fan-003')).toContainText(text('undo.exactly'));
  await expect(row('fan-004')).toContainText(text('undo.all_but', { lost: text('undo.loss_joined') }));
  await expect(undoable(page).getByRole('rowheader')).toHaveCount(2);
  await expect(staying(page).getByRole('row').filter({ hasText: 'fan-005' })).toContainText(text('undo.changed_since'));
  await expect(staying(page).getByRole('rowheader')).toHaveCount(1);
  await expectSound(page);
  await undo(page, 2);
  await expect.poll(() => scopesOf(request, guid)).toEqual({ ...before, 'fan-005': 'admin' });

  await test.step('and back', async () => {
    await startUndo(page);
    await undo(page, 2);
    const { 'fan-004': _, ...others } = before;
    await expect.poll(() => scopesOf(request, guid)).toEqual({ ...others, 'fan-003': 'moderator', 'fan-005': 'admin' });
  });
});

test('who is changed while the undo is looked at is left out by its run, which says so', async ({ page, key, mark: guid, request }) => {
  await makeGroup(request, guid, { admins: ['fan-001'], participants: ['fan-003', 'fan-004', 'fan-005'] });
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  await change(page, [['fan-003', 'moderator'], ['fan-004', 'moderator'], ['fan-005', 'moderator']]);
  await startUndo(page);
  await expect(undoable(page).getByRole('rowheader')).toHaveCount(3);
  await expect(page.getByRole('main')).toContainText(text('plan.rechecks'));
  await setScope(request, guid, 'fan-004', 'admin');
  await page.getByRole('button', { name: text('undo.send', { count: 3 }), exact: true }).click();
  const main = page.getByRole('main');
  await expect(main).toContainText(text('run.rechecked_all'));
  await page.getByRole('button', { name: text('run.go_on'), exact: true }).click();
  await expect(main.getByRole('link', { name: text('undo.title'), exact: true })).toBeVisible();
  const row = page.getByRole('grid', { name: text('run.rows') }).getByRole('row').filter({ hasText: 'fan-004' });
  await expect(row).toContainText(text('results.changed_scope', { scope: text('common.scope_admin') }));
  await expect.poll(() => scopesOf(request, guid)).toEqual({
    'fan-001': 'admin', 'fan-003': 'participant', 'fan-004': 'admin', 'fan-005': 'participant',
  });
});

test('one row is undone, or those that are selected', async ({ page, key, mark: guid, request }) => {
  await makeGroup(request, guid, { admins: ['fan-001'], participants: ['fan-003', 'fan-004', 'fan-005'] });
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  await change(page, [['fan-003', 'moderator'], ['fan-004', 'moderator'], ['fan-005', 'moderator']]);
  await page.getByRole('grid', { name: text('run.rows') }).getByRole('row').filter({ hasText: 'fan-004' }).click();
  await page.getByRole('complementary').getByRole('link', { name: text('undo.one') }).click();
  await expect(undoable(page).getByRole('row', { selected: true })).toHaveCount(1);
  await expect(undoable(page).getByRole('row', { selected: true })).toContainText('fan-004');
  const tick = (uid: string) => undoable(page).getByRole('row').filter({ hasText: uid }).getByRole('checkbox');
  await tick('fan-004').uncheck();
  await expect(page.getByRole('button', { name: text('undo.send', { count: 0 }), exact: true })).toHaveAttribute('aria-disabled', 'true');
  await tick('fan-005').check();
  await undo(page, 1);
  await expect.poll(() => scopesOf(request, guid)).toEqual({
    'fan-001': 'admin', 'fan-003': 'moderator', 'fan-004': 'moderator', 'fan-005': 'participant',
  });
});

test('a group that was created is deleted, once that was confirmed', async ({ page, key, mark: guid, request }) => {
  await connect(page, 'CometChat', { key });
  await section(page, 'groups');
  await page.getByRole('link', { name: text('groups.new_group') }).click();
  await page.getByLabel(text('groups.id'), { exact: true }).fill(guid);
  await page.getByLabel(text('groups.name'), { exact: true }).fill(`Group ${guid}`);
  await page.getByRole('button', { name: text('groups.create'), exact: true }).click();
  await expect.poll(async () => (await request.get(`${BASES.CometChat}/groups/${guid}`, { headers: { apikey: 'any' } })).status()).toBe(200);
  await openLastRun(page);
  await startUndo(page);
  const send = page.getByRole('button', { name: text('undo.send', { count: 1 }), exact: true });
  await expect(page.getByRole('main')).toContainText(text('problems.deletes_group', { found: `Group ${guid}` }));
  await expect(send).toHaveAttribute('aria-disabled', 'true');
  await confirmWarnings(page, send);
  await undo(page, 1);
  await expect.poll(async () => (await request.get(`${BASES.CometChat}/groups/${guid}`, { headers: { apikey: 'any' } })).status()).toBe(404);
});

test('what sent a message stays, and that is said before it is sent', async ({ page, key, mark }) => {
  await connect(page, 'Networked', { key });
  await section(page, 'add');
  await pastePeople(page, `Nora New <nora.${mark}@new.example>`);
  await page.getByLabel(text('add.role')).selectOption('Viewer');
  await expect(page.getByRole('main')).toContainText(text('undo.plan_never', { count: 1, why: text('undo.why_message') }));
  await send(page);
  await openLastRun(page);
  await startUndo(page);
  await expect(staying(page).getByRole('row').filter({ hasText: mark })).toContainText(text('undo.never', { why: text('undo.why_message') }));
  await expect(undoable(page)).toHaveCount(0);
});

test('a key that is not here is asked for first', async ({ page, key, mark: guid, request }) => {
  await makeGroup(request, guid, { admins: ['fan-001'], participants: ['fan-003'] });
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  await change(page, [['fan-003', 'moderator']]);
  await startUndo(page);
  await expect(undoable(page)).toBeVisible();
  await page.reload();
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
  await page.getByRole('button', { name: text('connections.use_key'), exact: true }).click();
  await undo(page, 1);
  await expect.poll(() => scopesOf(request, guid)).toEqual({ 'fan-001': 'admin', 'fan-003': 'participant' });
});

test('an address that names no run says so', async ({ page }) => {
  await page.goto('/runs/nowhere/undo');
  await expect(page.getByRole('heading', { level: 2, name: text('run.unknown_heading') })).toBeVisible();
});
