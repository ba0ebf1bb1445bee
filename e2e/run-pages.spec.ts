// The pages of runs: a run on its own page, paused, stopped, sent again, exported and opened again.
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test, type Page } from './support/test';
import { connect, rail, section } from './support/connect';
import { addMany, pastePeople, pickGroup, send } from './support/compose';
import { expectSound } from './support/looks';
import { citizen, citizens, hold, makeGroup, scopesOf } from './support/sandbox';
import { literally, text } from './support/text';

/** Adds people with one call each at a vendor that allows ten a minute; ends on the page of the run. */
async function addSlowly(page: Page, mark: string, count: number) {
  await section(page, 'add');
  const people = Array.from({ length: count }, (_, n) => `Person ${n + 1} <p${n + 1}.${mark}@new.example>`);
  await pastePeople(page, people.join('\n'));
  await page.getByLabel(text('add.role')).selectOption('Viewer');
  await page.getByRole('radio', { name: text('add.flow_direct') }).check();
  await send(page);
  await expect(page).toHaveURL(/\/runs\/p\w/);
}

const button = (page: Page, key: string, count?: number) =>
  page.getByRole('button', { name: text(key, count === undefined ? {} : { count }), exact: true });
const grid = (page: Page) => page.getByRole('grid', { name: text('run.rows') });
const tally = (page: Page) => page.getByRole('main').getByRole('list', { name: text('ui.tally_label') });

/** Clicks a download button and returns the path of the file. */
async function saved(page: Page, key: string): Promise<string> {
  const started = page.waitForEvent('download');
  await button(page, key).click();
  return (await started).path();
}

test('more people than a form shows lead to a page of their own', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await addMany(page, mark, [...citizens(60), 'uid-not-found', 'already-joined']);
  await expect(page.getByRole('main').getByText(literally(text('results.n_added', { count: 60 })))).toBeVisible();
  await expect(tally(page)).toContainText(text('ui.tally_refused', { count: 1 }));
  await expect(rail(page).getByText(text('shell.n_runs', { count: 1 }))).toHaveCount(0);
  await page.getByRole('radio', { name: text('ui.tally_refused', { count: 1 }) }).check();
  await expect(page).toHaveURL(/show=refused/);
  await expect(grid(page).getByRole('row')).toHaveCount(2);
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: text('run.download_csv_of', { shown: text('ui.tally_refused', { count: 1 }) }) }).click();
  const file = await started;
  expect(file.suggestedFilename()).toMatch(/^muster-results-refused-\d{4}-\d\d-\d\d\.csv$/);
  const content = (await readFile(await file.path())).toString();
  expect(content.startsWith('\ufeff')).toBe(true);
  expect(content.trim().split('\n')).toHaveLength(2);
  await grid(page).getByRole('row').nth(1).click();
  const details = page.getByRole('complementary', { name: 'uid-not-found' });
  await expect(details.getByRole('button', { name: text('results.copy_curl') })).toBeVisible();
  await details.getByRole('button', { name: text('ui.close') }).click();
  await expect(grid(page)).toBeFocused();
  // Includes the person whom another client had just added.
  expect(Object.keys(await scopesOf(request, mark))).toHaveLength(61);
});

test('a run is paused, goes on, is stopped, and what was not sent is sent again', async ({ page, key, mark }) => {
  await connect(page, 'Networked', { key });
  await addSlowly(page, mark, 24);
  // Reading the roles used some calls of this minute.
  await expect(page.getByRole('main')).toContainText(text('run.pace_full', { numbers: '10 of 10' }));
  await expect(page.getByRole('main')).toContainText(/sends (in|at) /);
  await expect(rail(page).getByText(text('shell.n_runs', { count: 1 }))).toBeAttached();
  // The button that replaces the pressed one has the focus, so that it can be pressed right away.
  await button(page, 'run.pause').press('Enter');
  await expect(button(page, 'run.go_on')).toBeFocused();
  // What is counted rests now. A minute after the first call, another may have been sent.
  const n_done = Number(/(\d+) done/.exec((await tally(page).textContent()) ?? '')?.[1]);
  await expect(page.getByText(text('run.now_paused', { count: n_done, total: '24' })).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(button(page, 'run.pause')).toBeFocused();
  await button(page, 'results.stop').press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await expect(tally(page)).toContainText(/\d+ not sent/);
  const n_left = Number(/(\d+) not sent/.exec((await tally(page).textContent()) ?? '')?.[1]);
  expect(n_left).toBeLessThanOrEqual(24 - n_done);
  await button(page, 'run.send_not_sent', n_left).click();
  await expect(tally(page)).toContainText(text('ui.tally_waiting', { count: n_left }));
  await expect(button(page, 'run.pause')).toBeVisible();
  await button(page, 'results.stop').click();
  await rail(page).getByRole('link', { name: text('shell.runs') }).click();
  await expect(page.getByRole('heading', { level: 2, name: text('runs.finished') })).toBeVisible();
});

test('the page of a run is sound, with the details of a row and while it rests', async ({ page, key, mark }) => {
  test.slow();
  await connect(page, 'Networked', { key });
  await addSlowly(page, mark, 24);
  await grid(page).getByRole('row').nth(1).click();
  await expect(page.getByRole('complementary')).toBeVisible();
  await expectSound(page, 'run-row');
  await page.keyboard.press('Escape');
  await button(page, 'run.pause').click();
  await expect(button(page, 'run.go_on')).toBeVisible();
  await expectSound(page, 'run-paused');
});

test('results are taken along, and opened again they are planned by who is in the group now', async ({ page, key, mark, request }, info) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await addMany(page, mark, [...citizens(55), 'uid-not-found']);
  await expect(tally(page)).toContainText(text('ui.tally_done', { count: 55 }));
  await expect(tally(page)).toContainText(text('ui.tally_refused', { count: 1 }));
  // When the file is opened, all its people are members already.
  for (const [download, ending, before] of [['run.download_csv', 'csv', 'done'], ['run.download_json', 'json', 'same']] as const) {
    const content = await readFile(await saved(page, download));
    expect(content.toString()).toContain('uid-not-found');
    const file = info.outputPath(`results.${ending}`);
    await writeFile(file, content);
    await rail(page).getByRole('link', { name: text('shell.runs') }).click();
    await page.getByRole('link', { name: text('runs.open_file') }).click();
    await page.getByLabel(text('runs.file')).setInputFiles(file);
    await expect(page.getByText(literally(text('runs.n_rows', { count: 56 })))).toBeVisible();
    const refused = page.getByRole('checkbox', { name: text('runs.kind', { outcome: text('results.refused'), n: '1' }) });
    await expect(refused).toBeChecked();
    await expect(button(page, 'runs.send', 1)).toBeVisible();
    await page.getByRole('checkbox', { name: text('runs.kind', { outcome: text(`results.${before}`), n: '55' }) }).check();
    // The group is read first: existing members are reported and not sent again.
    await expect(page.getByText(text('plan.same_already', { count: 55 }))).toBeVisible();
    await button(page, 'runs.send', 1).click();
    await expect(page).toHaveURL(/\/runs\/p\w/);
    await expect(tally(page)).toContainText(text('ui.tally_same', { count: 55 }));
    await expect(tally(page)).toContainText(text('ui.tally_refused', { count: 1 }));
  }
});

test('a file that is none of results is told, and a broken line with its number', async ({ page, key, mark, request }, info) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await rail(page).getByRole('link', { name: text('shell.runs') }).click();
  await page.getByRole('link', { name: text('runs.open_file') }).click();
  const file = info.outputPath('people.csv');
  await writeFile(file, 'name,email\nAda,ada@example.org\n');
  await page.getByLabel(text('runs.file')).setInputFiles(file);
  await expect(page.getByRole('alert').filter({ hasText: text('problems.not_results', { found: 'vendor' }) })).toBeVisible();
  await writeFile(file, `vendor,by,person,operation,group,scope\ncometchat,id,fan-001,add_to_group,${mark},participant\ncometchat,id,fan-002,add_to_group,${mark},emperor\n`);
  await page.getByLabel(text('runs.file')).setInputFiles(file);
  await expect(page.getByText(text('runs.lines_left_out', { count: 1 }))).toBeVisible();
  await page.getByRole('button', { name: text('runs.lines') }).click();
  await expect(page.getByText(text('runs.line', { line: '3', problem: text('problems.bad_line', { found: 'scope' }) }))).toBeVisible();
});

test('2,000 rows scroll, and only those in view are in the page', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await addMany(page, mark, citizens(2_000));
  const rows = grid(page).locator('[role=row][aria-rowindex]');
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '2001');
  await grid(page).focus();
  await page.keyboard.press('End');
  await expect(grid(page).getByRole('row').filter({ hasText: citizen(2_000) })).toBeInViewport();
  expect(await rows.count()).toBeLessThan(60);
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', /-1999$/);
  await page.keyboard.press('Home');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('ArrowUp');
  await expect(grid(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/row=\d+/);
  expect(await rows.count()).toBeLessThan(60);
});

test('an address that names no plan says so', async ({ page }) => {
  await page.goto('/runs/p0-none');
  await expect(page.getByRole('heading', { level: 1, name: text('run.unknown_title') })).toBeVisible();
  await page.getByRole('link', { name: text('run.unknown_action') }).click();
  await expect(page.getByRole('heading', { name: text('runs.empty_title') })).toBeVisible();
});

test('a run is queued behind another on the same connection, and starts when that one ends', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  // The first run ends only once the second one waits for it.
  const release = await hold(request, mark, citizen(1));
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, citizens(3).join('\n'));
  await send(page);
  await section(page, 'members');
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'fan-001');
  await page.getByRole('checkbox', { name: new RegExp(text('plan.queue', { title: '' }).trim()) }).check();
  await send(page);
  await expect(page.getByRole('main')).toContainText(text('run.now_queued'));
  await release();
  await expect(page.getByRole('heading', { level: 2, name: text('results.n_added', { count: 1 }) })).toBeVisible();
  expect(await scopesOf(request, mark)).toMatchObject({ 'fan-001': 'participant' });
});

test('what makes a run slow is said before it is sent', async ({ page, key }) => {
  await connect(page, 'Networked', { key });
  await section(page, 'add');
  await pastePeople(page, Array.from({ length: 40 }, (_, n) => `Person ${n} <p${n}@new.example>`).join('\n'));
  await page.getByLabel(text('add.role')).selectOption('Viewer');
  await page.getByRole('radio', { name: text('add.flow_direct') }).check();
  await expect(page.locator('.compose-foot')).toContainText(/Networked allows 10 requests per minute.*120 per hour/);
});

test('every row says its change once, also where that has no column of its own', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await addMany(page, mark, citizens(60));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(mark);
  await expect(tally(page)).toContainText(text('ui.tally_done', { count: 60 }));
  for (const width of [1280, 900, 360]) {
    await page.setViewportSize({ width, height: 900 });
    const first = grid(page).getByRole('row').filter({ hasText: citizen(1) });
    await expect(first.getByText(text('common.scope_participant')).filter({ visible: true }), `at ${width}`).toHaveCount(1);
  }
});
