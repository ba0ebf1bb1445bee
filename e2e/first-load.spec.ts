// What a first visit fetches at once, on opening pages, and when idle.
import { expect, test, type Page } from './support/test';
import { pastePeople, peopleBox, sendButton } from './support/compose';
import { written } from './support/connect';
import { HOSTS } from './support/hosts';
import { fetchedAhead, saveData } from './support/network';
import { addSamples } from './support/screens';
import { text } from './support/text';

const LATER = /\/(?!muster-|sandbox-worker-|directory-worker-|import-worker-|ledger-worker-|workbook-worker-)[\w-]+-[0-9a-f]{16}\.wasm$/;
const PAGES = /\/(activity|adding|changing|connections?|creating|engine|file|groups?|invites|ledger|members|moderators|runs?|sandbox|settings)-[0-9a-f]{16}\.wasm$/;
const WORK = /\/(activity|adding|changing|connections?|creating|engine|file|groups?|invites|ledger|members|moderators|runs?)-[0-9a-f]{16}\.wasm$/;
const ENGINE = /\/engine-[0-9a-f]{16}\.wasm$/;
const SETTINGS = /\/settings-[0-9a-f]{16}\.wasm$/;

/** The program files that the page requests, in order. */
function program(page: Page): string[] {
  const fetched: string[] = [];
  page.on('request', request => {
    const { pathname } = new URL(request.url());
    if (/-[0-9a-f]{16}\.(js|wasm)$/.test(pathname)) fetched.push(pathname);
  });
  return fetched;
}

const later = (fetched: string[], which = LATER) => fetched.filter(path => which.test(path));

test('a first visit fetches nothing that it does not show', async ({ page }) => {
  await saveData(page);
  const fetched = program(page);
  // A config.json with any content would also load its parser.
  await page.goto(HOSTS.empty);
  await expect(page.getByRole('button', { name: text('overview.look_try') })).toBeVisible();
  expect(fetched.length).toBeGreaterThan(0);
  expect(later(fetched)).toEqual([]);
  await page.getByRole('link', { name: text('shell.settings'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
  await page.getByRole('link', { name: text('shell.sandbox'), exact: true }).click();
  await expect(page.getByText('uid-not-found').first()).toBeVisible();
  expect(later(fetched, SETTINGS).length).toBe(1);
  expect(later(fetched, WORK)).toEqual([]);
});

test('the overview of connections fetches nothing that only other pages need', async ({ page }) => {
  await saveData(page);
  const fetched = program(page);
  await addSamples(page);
  await page.reload();
  await expect(page.getByRole('article', { name: 'Superhero fans' })).toBeVisible();
  expect(later(fetched, PAGES)).toEqual([]);
});

test('pages open without a network once the browser had time', async ({ page, context, quiet }) => {
  quiet.lost();
  const ahead = fetchedAhead(page);
  await page.goto('/');
  await ahead;
  await context.setOffline(true);
  await page.getByRole('link', { name: text('shell.settings'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
  await page.getByRole('link', { name: text('shell.overview'), exact: true }).click();
  await page.getByRole('button', { name: text('overview.look_try') }).click();
  await expect(page.getByRole('article', { name: 'Superhero fans' })).toBeVisible();
});

test('a page that could not be fetched says so and is fetched again', async ({ page, context, quiet }) => {
  quiet.lost();
  quiet.about(/ERR_INTERNET_DISCONNECTED|Failed to fetch|failed to load split module/);
  await saveData(page);
  await page.goto('/');
  await expect(page.getByRole('button', { name: text('overview.look_try') })).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('link', { name: text('shell.settings'), exact: true }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText(text('ui.page_missing_title'));
  await context.setOffline(false);
  await page.getByRole('button', { name: text('ui.try_again') }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
});

test('samples that could not be added without a network are kept once it is back', async ({ page, context, quiet }) => {
  quiet.lost();
  quiet.about(/ERR_INTERNET_DISCONNECTED|Failed to fetch|failed to load split module/);
  await saveData(page);
  await page.goto('/');
  const samples = page.getByRole('button', { name: text('overview.look_try') });
  await expect(samples).toBeVisible();
  await context.setOffline(true);
  await samples.click();
  await expect(page.getByText(text('results.not_loaded'))).toBeVisible();
  await context.setOffline(false);
  await samples.click();
  await expect(page.getByRole('article', { name: 'Superhero fans' })).toBeVisible();
  await written(page, 'Superhero fans', 'Founders Guild', 'Loop Studio');
  await page.reload();
  await expect(page.getByRole('article', { name: 'Superhero fans' })).toBeVisible();
});

test('a check asks a vendor from the overview', async ({ page }) => {
  await addSamples(page);
  await page.getByRole('button', { name: /Test.*Superhero fans/ }).click();
  await expect(page.getByRole('article', { name: 'Superhero fans' })).toContainText(text('overview.key_accepted'));
});

test('what checks and sends changes is fetched once a form is filled in', async ({ page, context, quiet }) => {
  quiet.lost();
  quiet.about(/ERR_INTERNET_DISCONNECTED|Failed to fetch|failed to load split module/);
  await saveData(page);
  await addSamples(page);
  const fetched = program(page);
  await page.goto('/c/superhero-fans/members/add?group=book-circle');
  await expect(peopleBox(page)).toBeVisible();
  // All that the page reads before people are typed.
  await expect(page.getByText(text('add.group_has', { count: 5 }))).toBeVisible();
  expect(later(fetched, ENGINE)).toEqual([]);
  await context.setOffline(true);
  await pastePeople(page, 'fan-021');
  const problem = page.getByRole('status').filter({ hasText: text('plan.not_loaded') });
  await expect(problem).toBeVisible();
  await context.setOffline(false);
  await problem.getByRole('button', { name: text('ui.try_again') }).click();
  await expect(problem).toHaveCount(0);
  await expect.poll(() => later(fetched, ENGINE).length).toBeGreaterThan(0);
  await sendButton(page).click();
  await expect(page.getByRole('region', { name: /1 added/ })).toBeVisible();
});
