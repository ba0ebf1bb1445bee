// Undoing changes of several runs, and entries of the activity.
import type { APIRequestContext, Browser } from '@playwright/test';
import { expect, test, type Page } from './support/test';
import { connect, go, openGroup, rail } from './support/connect';
import { expectSound } from './support/looks';
import { makeGroup, scopesOf } from './support/sandbox';
import { markScopes, type Mark } from './support/scopes';
import { text } from './support/text';

const BEFORE = { 'fan-001': 'admin', 'fan-003': 'participant', 'fan-004': 'participant', 'fan-005': 'participant' };
const AFTER = { 'fan-001': 'admin', 'fan-003': 'admin', 'fan-004': 'moderator', 'fan-005': 'moderator' };

const undoable = (page: Page) => page.getByRole('grid', { name: text('undo.rows') });
const staying = (page: Page) => page.getByRole('grid', { name: text('undo.left') });
const entries = (page: Page) => page.getByRole('grid', { name: text('activity.entries') });
const entry = (page: Page, what: string) => entries(page).getByRole('row').filter({ hasText: what });
const finished = (page: Page) => page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('checkbox') });
const bar = (page: Page) => page.getByRole('region', { name: text('directory.selection') });

/** Sets scopes in a group with one run. */
async function change(page: Page, guid: string, marks: Mark[]) {
  await openGroup(page, guid);
  await markScopes(page, marks);
  await page.getByRole('button', { name: text('scopes.send', { count: marks.length }) }).click();
  const results = page.getByRole('complementary', { name: text('scopes.results_title') });
  await expect(results.getByRole('heading', { level: 2, name: text('results.n_done', { count: marks.length }) })).toBeVisible();
}

/** Two runs in a group, of which the second changes a person again. */
async function twoRuns(page: Page, key: string, guid: string, request: APIRequestContext) {
  await makeGroup(request, guid, { admins: ['fan-001'], participants: ['fan-003', 'fan-004', 'fan-005'] });
  await connect(page, 'CometChat', { key });
  await change(page, guid, [['fan-003', 'moderator'], ['fan-004', 'moderator']]);
  await change(page, guid, [['fan-003', 'admin'], ['fan-005', 'moderator']]);
}

async function openRuns(page: Page) {
  await rail(page).getByRole('link', { name: text('runs.title') }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('runs.title') })).toBeVisible();
}

/** Sends the undo, and waits for the end of its run. */
async function undo(page: Page, count: number) {
  await page.getByRole('button', { name: text('undo.send', { count }), exact: true }).click();
  await expect(page).toHaveURL(/\/runs\/p[\w-]+$/);
  await expect(page.getByRole('main').getByRole('link', { name: text('undo.title'), exact: true })).toBeVisible();
}

async function enterKey(page: Page, key: string) {
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
  await page.getByRole('button', { name: text('connections.use_key'), exact: true }).click();
}

test('two runs are undone together, each person by one change, and that is undone as well', async ({ page, key, mark: guid, request }) => {
  await twoRuns(page, key, guid, request);
  await openRuns(page);
  await finished(page).nth(0).getByRole('checkbox').check();
  await finished(page).nth(1).getByRole('checkbox').check();
  await expect(bar(page)).toContainText(text('directory.selected', { count: 2 }));
  await expectSound(page, 'runs-selected');
  await bar(page).getByRole('button', { name: text('undo.of_runs', { count: 2 }) }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('undo.title') })).toBeVisible();
  await expect(undoable(page).getByRole('rowheader')).toHaveText([/fan-005/, /fan-003/, /fan-004/, /fan-003/]);
  await expect(undoable(page).getByText(text('undo.exactly'))).toHaveCount(4);
  await expectSound(page, 'undo-several');

  await test.step('after a reload the same changes are shown', async () => {
    const address = page.url();
    await page.reload();
    await enterKey(page, key);
    await expect(undoable(page).getByRole('rowheader')).toHaveCount(4);
    expect(page.url()).toBe(address);
  });
  await test.step('the earlier change of a person alone was changed since', async () => {
    const rows = undoable(page).getByRole('row').filter({ hasText: 'fan-003' });
    await rows.first().getByRole('checkbox').uncheck();
    await expect(rows.last()).toContainText(text('undo.changed_since'));
    await expect(page.getByRole('button', { name: text('undo.send', { count: 2 }), exact: true })).toBeVisible();
    await rows.first().getByRole('checkbox').check();
    await expect(rows.last()).toContainText(text('undo.exactly'));
  });
  await undo(page, 4);
  await expect.poll(() => scopesOf(request, guid)).toEqual(BEFORE);
  await page.getByRole('main').getByRole('link', { name: text('undo.title'), exact: true }).click();
  await undo(page, 3);
  await expect.poll(() => scopesOf(request, guid)).toEqual(AFTER);
});

test('an entry of the activity is undone, unless its person was changed again', async ({ page, key, mark: guid, request }) => {
  await twoRuns(page, key, guid, request);
  await go(page, 'activity');
  await expect(entry(page, 'fan-003')).toHaveCount(2);
  const start = () => page.getByRole('complementary').getByRole('button', { name: text('undo.one') }).click();
  await entry(page, 'fan-003').last().click();
  await start();
  await expect(staying(page).getByRole('row').filter({ hasText: 'fan-003' })).toContainText(text('undo.changed_since'));
  await expect(undoable(page)).toHaveCount(0);
  await page.goBack();
  await entry(page, 'fan-004').click();
  await start();
  await expect(undoable(page).getByRole('rowheader')).toHaveText([/fan-004/]);
  await undo(page, 1);
  await expect.poll(() => scopesOf(request, guid)).toEqual({ ...AFTER, 'fan-004': 'participant' });
});

test('entries are selected and undone by keyboard, and what is no change is left out', async ({ page, key, mark: guid, request }) => {
  await twoRuns(page, key, guid, request);
  await go(page, 'activity');
  await expect(entries(page).getByRole('rowheader')).toHaveCount(6);
  await entries(page).focus();
  await page.keyboard.press('Control+a');
  await expect(bar(page)).toContainText(text('directory.selected', { count: 6 }));
  await expectSound(page, 'ledger-selected');
  const start = bar(page).getByRole('button', { name: text('undo.entries', { count: 4 }) });
  await page.keyboard.press('Tab');
  await expect.poll(async () => {
    if (await start.evaluate(button => button === document.activeElement)) return true;
    await page.keyboard.press('Tab');
    return false;
  }).toBe(true);
  await page.keyboard.press('Enter');
  await expect(undoable(page).getByRole('rowheader')).toHaveCount(4);
  await expect(page.getByRole('main')).toBeFocused();
  const send = page.getByRole('button', { name: text('undo.send', { count: 4 }), exact: true });
  await send.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/runs\/p[\w-]+$/);
  await expect.poll(() => scopesOf(request, guid)).toEqual(BEFORE);
});

test('a range of entries goes from one click to the other, in both directions', async ({ page, key, mark: guid, request }) => {
  await twoRuns(page, key, guid, request);
  await go(page, 'activity');
  await expect(entries(page).getByRole('rowheader')).toHaveCount(6);
  const selected = entries(page).getByRole('row', { selected: true });
  await entry(page, 'fan-004').getByRole('checkbox').check();
  await entries(page).getByRole('row').last().getByRole('checkbox').click({ modifiers: ['Shift'] });
  await expect(bar(page)).toContainText(text('directory.selected', { count: 2 }));
  await expect(selected).toHaveText([/fan-004/, /fan-003/]);
  await entry(page, 'fan-005').getByRole('checkbox').click({ modifiers: ['Shift'] });
  await expect(bar(page)).toContainText(text('directory.selected', { count: 5 }));
  await expect(selected).toHaveCount(5);
});

test('a change whose run was deleted is undone from its entry', async ({ page, key, mark: guid, request }) => {
  await twoRuns(page, key, guid, request);
  await openRuns(page);
  await finished(page).first().getByRole('button', { name: /^Delete run: / }).click();
  await page.getByRole('dialog').getByRole('button', { name: text('runs.remove'), exact: true }).click();
  await expect(finished(page)).toHaveCount(1);
  await go(page, 'activity');
  await entry(page, 'fan-003').first().click();
  await page.getByRole('complementary').getByRole('button', { name: text('undo.one') }).click();
  await expect(undoable(page).getByRole('row').filter({ hasText: 'fan-003' })).toContainText(text('undo.exactly'));
  await expect(undoable(page)).toContainText(text('ledger.run_removed'));
  await expect(page.getByRole('main')).toContainText(text('undo.unsure_body', { name: 'My CometChat' }));
  await undo(page, 1);
  await expect.poll(() => scopesOf(request, guid)).toEqual({ ...AFTER, 'fan-003': 'moderator' });
});

test('a long choice lasts until the page is reloaded, and an address that names nothing says so', async ({ page, key, mark: guid, request }) => {
  test.slow();
  const people = Array.from({ length: 21 }, (_, n) => `fan-${String(n + 101)}`);
  await makeGroup(request, guid, { admins: ['fan-001'], participants: people });
  await connect(page, 'CometChat', { key });
  await change(page, guid, people.map((uid): Mark => [uid, 'moderator']));
  await go(page, 'activity');
  await expect(entry(page, 'fan-1').first()).toBeVisible();
  // The end of the run is no change, so not everything is selected.
  await entries(page).getByRole('columnheader').getByRole('checkbox').click();
  await bar(page).getByRole('button', { name: text('undo.entries', { count: 21 }) }).click();
  await expect(page.getByRole('button', { name: text('undo.send', { count: 21 }), exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { level: 2, name: text('undo.again_title') })).toBeVisible();
  await expectSound(page, 'undo-again');
  await page.getByRole('link', { name: text('undo.choose_entries') }).click();
  await expect(entry(page, 'fan-1').first()).toBeVisible();

  await page.goto('/undo');
  await expect(page.getByRole('heading', { level: 2, name: text('undo.again_title') })).toBeVisible();
  await page.goto('/undo?run=p1&entry=0123456789abcdef');
  await expect(page.getByRole('main')).toContainText(text('undo.missing_title', { count: 2 }));
});

test('changes of two connections are undone one after the other', async ({ page, key, mark, request }) => {
  const guid = `${mark}-1`;
  for (const group of [guid, `${mark}-2`]) {
    await makeGroup(request, group, { admins: ['fan-001'], participants: ['fan-003'] });
  }
  await connect(page, 'CometChat', { key, name: 'First' });
  await change(page, guid, [['fan-003', 'moderator']]);
  await connect(page, 'CometChat', { key: `${key}-2`, name: 'Second' });
  await change(page, `${mark}-2`, [['fan-003', 'moderator']]);
  await openRuns(page);
  await finished(page).nth(0).getByRole('checkbox').check();
  await finished(page).nth(1).getByRole('checkbox').check();
  await bar(page).getByRole('button', { name: text('undo.of_runs', { count: 2 }) }).click();
  await expect(page.getByRole('heading', { level: 2, name: text('undo.places_title') })).toBeVisible();
  await expectSound(page, 'undo-places');
  await page.getByRole('button', { name: text('undo.place', { count: 1, name: 'Second' }) }).click();
  await expect(undoable(page).getByRole('rowheader')).toHaveCount(1);
  await page.getByRole('button', { name: text('undo.other_place') }).click();
  await page.getByRole('button', { name: text('undo.place', { count: 1, name: 'First' }) }).click();
  await enterKey(page, key);
  await undo(page, 1);
  await expect.poll(() => scopesOf(request, guid)).toEqual({ 'fan-001': 'admin', 'fan-003': 'participant' });
  expect(await scopesOf(request, `${mark}-2`)).toEqual({ 'fan-001': 'admin', 'fan-003': 'moderator' });
});

/** The activity of a colleague who has made a moderator, and their name. */
async function ofColleague(browser: Browser, baseURL: string | undefined, key: string, guid: string) {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await connect(page, 'CometChat', { key });
  await change(page, guid, [['fan-003', 'moderator']]);
  await go(page, 'activity');
  await expect(entry(page, 'fan-003')).toBeVisible();
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: text('ledger.export_lines') }).click();
  let content = '';
  for await (const chunk of await (await started).createReadStream()) content += chunk;
  await context.close();
  return { content, name: JSON.parse(content.trimEnd().split('\n').at(-1)!).by.name as string };
}

test('a change of a colleague is undone where the connection is here, and named as theirs', async ({ page, key, mark: guid, request, browser, baseURL }) => {
  await makeGroup(request, guid, { admins: ['fan-001'], participants: ['fan-003', 'fan-004'] });
  const { content, name } = await ofColleague(browser, baseURL, `${key}-2`, guid);
  await connect(page, 'CometChat', { key });
  await change(page, guid, [['fan-004', 'moderator']]);
  await go(page, 'activity');
  await page.getByRole('button', { name: text('ledger.import'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles({ name: 'theirs.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(content) });
  await dialog.getByRole('button', { name: text('ledger.trust') }).click();
  await expect(dialog).toBeHidden();
  await entry(page, 'fan-003').click();
  await page.getByRole('complementary').getByRole('button', { name: text('undo.one') }).click();
  await expect(undoable(page).getByRole('row').filter({ hasText: 'fan-003' })).toContainText(name);
  await expect(page.getByRole('main')).toContainText(text('undo.unsure_title'));
  await undo(page, 1);
  await expect.poll(() => scopesOf(request, guid)).toEqual({ 'fan-001': 'admin', 'fan-003': 'participant', 'fan-004': 'moderator' });
});
