// Runs that lose nothing: a killed tab, two tabs, no network, rate limits, and a key refused halfway.
import type { APIRequestContext } from '@playwright/test';
import { expect, test, type Page } from './support/test';
import { addConnection, connect, fillRelayed, rail, settingsOf } from './support/connect';
import { addMany } from './support/compose';
import { front, relayToCometChat } from './support/front';
import { expectSound } from './support/looks';
import { fetchedAhead } from './support/network';
import { citizen, citizens, hold, makeGroup, scopesOf } from './support/sandbox';
import { text } from './support/text';

/** Starts adding people to a group of this test, and waits for the page of the run. */
async function begin(page: Page, request: APIRequestContext, mark: string, people: string[]) {
  await makeGroup(request, mark);
  await addMany(page, mark, people);
}

/** Expects the progress to count `n` rows with an outcome. */
function settled(page: Page, n: number, of: number) {
  const progress = page.getByRole('region', { name: text('run.progress') });
  return expect(progress).toContainText(`${n.toLocaleString('en')} ${text('run.of_rows', { count: of })}`);
}

/** Crashes the page's process, so that none of its code runs any more. */
async function kill(page: Page) {
  const crashed = page.waitForEvent('crash');
  const session = await page.context().newCDPSession(page);
  // Never answered, because the process is gone.
  session.send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
}

/** Types the key that a run waits for, and continues. */
async function unlock(page: Page, key: string) {
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
  await page.getByRole('button', { name: text('run.go_on'), exact: true }).click();
}

/** Begins to add 100 people and holds the answer to the third call. Returns the people, and what releases the answer. */
async function beginHeld(page: Page, request: APIRequestContext, key: string, mark: string) {
  const people = citizens(100);
  const release = await hold(request, mark, citizen(61));
  await connect(page, 'CometChat', { key });
  await begin(page, request, mark, people);
  await settled(page, 50, 100);
  return { people, release };
}

async function closing(page: Page, n: number) {
  await expect(page.getByRole('heading', { level: 1 })).toContainText(text('results.n_added', { count: n }));
}

test('a tab that is killed among 400 adds loses nobody and adds nobody twice', async ({ page, context, key, mark, request }) => {
  test.slow();
  const people = citizens(400);
  const release = await hold(request, mark, citizen(211));
  await connect(page, 'CometChat', { key });
  await begin(page, request, mark, people);
  // The ninth call is in flight: the vendor has executed it but not responded.
  await settled(page, 200, 400);
  await expect.poll(async () => Object.keys(await scopesOf(request, mark)).length).toBe(225);
  await kill(page);
  await release();

  const again = await context.newPage();
  await again.goto('/runs');
  const waiting = again.getByRole('listitem').filter({ hasText: text('run.now_needs_key', { count: 200, total: 400 }) });
  await expect(waiting).toBeVisible();
  await waiting.getByRole('link').first().click();
  await expect(again.getByRole('main')).toContainText(text('run.now_needs_key', { count: 200, total: 400 }));
  expect(Object.keys(await scopesOf(request, mark))).toHaveLength(225);
  await unlock(again, key);
  await closing(again, 400);
  expect(Object.keys(await scopesOf(request, mark)).sort()).toEqual([...people].sort());
  // The results survive a reload.
  await again.reload();
  await closing(again, 400);
});

test('a run that a reload interrupts goes on by itself where no key is missing', async ({ page, key, mark, request }) => {
  test.slow();
  const people = citizens(60);
  const release = await hold(request, mark, citizen(30));
  const site = await front(relayToCometChat({ key, isOpen: true }));
  try {
    await fillRelayed(page, site.origin);
    await addConnection(page);
    await begin(page, request, mark, people);
    // The second of three calls is executed, but its response is held until the page is gone.
    await expect.poll(async () => Object.keys(await scopesOf(request, mark)).length).toBe(50);
    await page.reload();
    await release();
    await closing(page, 60);
    expect(Object.keys(await scopesOf(request, mark)).sort()).toEqual([...people].sort());
  } finally {
    // Before its host: it still fetches code ahead.
    await page.close();
    await site.close();
  }
});

test('a run whose connection leads elsewhere is held, and its rest becomes a new run', async ({ page, key, mark, request }) => {
  test.slow();
  const people = citizens(60);
  const release = await hold(request, mark, citizen(30));
  await makeGroup(request, mark, { admins: ['fan-001'] });
  await connect(page, 'CometChat', { key, name: 'Moving', actingAs: 'fan-001' });
  await addMany(page, mark, people);
  await settled(page, 25, 60);
  // The second call is in flight; paused earlier, the run would not send it.
  const added = async () => Object.keys(await scopesOf(request, mark)).filter(uid => uid !== 'fan-001').sort();
  await expect.poll(async () => (await added()).length).toBe(50);
  await page.getByRole('button', { name: text('run.pause'), exact: true }).click();
  await release();
  await settled(page, 50, 60);

  await settingsOf(page, 'Moving');
  await page.getByLabel(text('connections.acting_as')).fill('');
  await page.getByRole('button', { name: text('connections.save') }).click();
  const main = page.getByRole('main');
  await expect(main.getByText(text('connections.saved'))).toBeVisible();
  await rail(page).getByRole('link', { name: text('shell.runs') }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('runs.title') })).toBeVisible();
  await main.getByRole('listitem').first().getByRole('link').first().click();
  await expect(main).toContainText(text('run.moved_body'));
  await expect(main).toContainText('fan-001');
  await expectSound(page, 'run-moved');
  expect(await added()).toHaveLength(50);

  await page.getByRole('button', { name: text('run.moved_anew'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('runs.open_title') })).toBeVisible();
  await expectSound(page, 'run-anew');
  await page.getByRole('button', { name: text('runs.send', { count: 10 }), exact: true }).click();
  await closing(page, 10);
  expect(await added()).toEqual([...people].sort());
});

test('a second tab shows the run live and goes on when the first goes away', async ({ page, context, key, mark, request }) => {
  test.slow();
  const people = citizens(300);
  const release = await hold(request, mark, citizen(61));
  await connect(page, 'CometChat', { key });
  await begin(page, request, mark, people);
  await settled(page, 50, 300);
  const address = page.url();
  const other = await context.newPage();
  await other.goto(address);
  await expect(other.getByRole('main')).toContainText(text('run.elsewhere'));
  await settled(other, 50, 300);
  await kill(page);
  await release();
  await unlock(other, key);
  await closing(other, 300);
  expect(Object.keys(await scopesOf(request, mark)).sort()).toEqual([...people].sort());
});

test('a lock that is taken away from a run comes back, and nobody is added twice', async ({ page, context, key, mark, request }) => {
  const { people, release } = await beginHeld(page, request, key, mark);
  const other = await context.newPage();
  await other.goto('/settings');
  const lock = await other.evaluate(async () => (await navigator.locks.query()).held?.find((held) => held.name?.startsWith('muster-run-'))?.name);
  // As a browser extension can.
  await other.evaluate((name) => navigator.locks.request(name!, { steal: true }, () => {}), lock);
  await release();
  await closing(page, 100);
  expect(Object.keys(await scopesOf(request, mark)).sort()).toEqual([...people].sort());
});

test('in a browser without locks, a second tab takes a run only when a person says so', async ({ page, context, key, mark, request }) => {
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }));
  const { people, release } = await beginHeld(page, request, key, mark);
  const other = await context.newPage();
  await other.goto(page.url());
  await settled(other, 50, 100);
  await unlock(other, key);
  await closing(other, 100);
  // Only now does the first tab learn the result of its call, and that another tab has continued.
  await release();
  await closing(page, 100);
  expect(Object.keys(await scopesOf(request, mark)).sort()).toEqual([...people].sort());
});

test('without a network a run waits, and goes on by itself', async ({ page, context, key, mark, request, quiet }) => {
  test.slow();
  quiet.lost();
  const people = citizens(200);
  const release = await hold(request, mark, citizen(61));
  const ahead = fetchedAhead(page);
  await connect(page, 'CometChat', { key });
  await begin(page, request, mark, people);
  await settled(page, 50, 200);
  await ahead;
  await context.setOffline(true);
  await release();
  await expect(page.getByRole('main')).toContainText(/Paused at .*You’re offline|got no response/);
  await context.setOffline(false);
  await closing(page, 200);
  expect(Object.keys(await scopesOf(request, mark)).sort()).toEqual([...people].sort());
});

test('a storm of refusals for pace fails nobody', async ({ page, mark, request, quiet }) => {
  test.slow();
  quiet.statuses(429);
  const people = citizens(75);
  await connect(page, 'CometChat', { key: `stormy-key-${mark}` });
  await begin(page, request, mark, people);
  await closing(page, 75);
  expect(Object.keys(await scopesOf(request, mark)).sort()).toEqual(people);
});

test('a key that is refused halfway is asked for, and nobody is refused because of it', async ({ page, key, mark, request, quiet }) => {
  test.slow();
  quiet.statuses(401);
  const people = citizens(250);
  await connect(page, 'CometChat', { key: `fading-key-${mark}` });
  await begin(page, request, mark, people);
  await expect(page.getByRole('main')).toContainText(text('run.now_key', { count: 100, total: 250 }));
  await expect(page.getByRole('main')).toContainText(text('results.n_waiting', { count: 150 }));
  await unlock(page, key);
  await closing(page, 250);
  expect(Object.keys(await scopesOf(request, mark)).sort()).toEqual(people);
});
