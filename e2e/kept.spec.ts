// What was read of people is kept on the device: only where the key is, encrypted, and only if chosen. A reading that
// was interrupted goes on.
import { expect, test, type Page } from './support/test';
import { openGroup, section, settingsOf } from './support/connect';
import { button, connectIn, keepIn, lockAll, passphrase } from './support/keys';
import { expectSound } from './support/looks';
import { fetchedAhead } from './support/network';
import { BASES, ban, makeGroup } from './support/sandbox';
import { holdWrites } from './support/stored';
import { literally, text } from './support/text';

const CHOSEN = 'correct horse battery';
const NAME = 'Kept';

const choice = (page: Page) => page.getByRole('checkbox', { name: text('connections.keep_people') });
const grid = (page: Page) => page.getByRole('grid', { name: text('members.title') });
/** Begins like the line above a list that was kept, and ends like it. */
const keptLine = (page: Page) => {
  const [before, after] = text('directory.kept', { time: '|' }).split('|').map(literally);
  return page.getByText(new RegExp(`^${before.source}.+${after.source}$`));
};

/** What the store of directories holds: its keys, and everything as text. */
function stored(page: Page): Promise<{ directories: unknown[][]; all: string }> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open('muster'));
    let all = '';
    for (const name of database.objectStoreNames) {
      const store = database.transaction(name).objectStore(name);
      const values = JSON.stringify([await done(store.getAllKeys()), await done(store.getAll())], (_, value: unknown) =>
        value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value);
      all += values;
    }
    const keys = await done(database.transaction('directories').objectStore('directories').getAllKeys());
    database.close();
    return { directories: keys.filter(key => (key as unknown[]).length === 3) as unknown[][], all };
  });
}

const expectStored = (page: Page, count: number) =>
  expect.poll(async () => (await stored(page)).directories.length).toBe(count);

/** Waits until there is one directory, and no other takes its place: each time it is stored it has another key. */
async function expectAtRest(page: Page) {
  let before = '';
  await expect.poll(async () => {
    const { directories } = await stored(page);
    const [now, last] = [JSON.stringify(directories), before];
    before = now;
    return directories.length === 1 && now === last;
  }, { intervals: [1_500] }).toBe(true);
}

/** The pages of people that the vendor is asked for, from now on. */
function asked(page: Page, path = '/users'): string[] {
  const pages: string[] = [];
  page.on('request', request => {
    const url = new URL(request.url());
    if (url.href.startsWith(BASES.CometChat) && url.pathname.includes(path)) pages.push(url.searchParams.get('page') ?? '');
  });
  return pages;
}

/** Loads the page anew, which locks the key, and unlocks it. */
async function reload(page: Page) {
  await page.reload();
  await unlock(page);
}

async function unlock(page: Page) {
  await passphrase(page).fill(CHOSEN);
  await passphrase(page).press('Enter');
  await expect(passphrase(page)).toHaveCount(0);
}

/** Adds a connection whose key is on the device, and chooses to keep people. */
async function keeping(page: Page, key: string) {
  await connectIn(page, 'CometChat', 'device', CHOSEN, { key, name: NAME });
  await settingsOf(page, NAME);
  await expect(choice(page)).not.toBeChecked();
  await choice(page).check();
}

test('people are there after a reload without a call, until the choice is taken back', async ({ page, key }) => {
  test.slow();
  await keeping(page, key);
  await expectSound(page, 'kept-choice');
  await section(page, 'members');
  await expect(grid(page).getByRole('row').nth(1)).toBeVisible();
  await expect(button(page, 'directory.pause')).toHaveCount(0);
  await expectAtRest(page);
  const { all } = await stored(page);
  // Encrypted: neither names nor ids.
  for (const plain of ['Citizen', 'citizen-']) expect(all).not.toContain(plain);
  expect(all).toContain(NAME);

  const calls = asked(page);
  await reload(page);
  await expect(keptLine(page)).toBeVisible();
  const search = page.getByRole('searchbox', { name: text('members.search') });
  await search.fill('citizen-29999');
  await expect(grid(page).getByRole('rowheader')).toHaveText([/Citizen 29999/]);
  await expectSound(page, 'kept-members');
  expect(calls).toEqual([]);

  // What is kept can be read again.
  await page.getByRole('button', { name: text('scopes.read_again'), exact: true }).first().click();
  await expect(keptLine(page)).toHaveCount(0);
  await expect.poll(() => calls.length).toBeGreaterThan(0);
  await expect(button(page, 'directory.pause')).toHaveCount(0);

  await settingsOf(page, NAME);
  await expect(choice(page)).toBeChecked();
  await choice(page).uncheck();
  await expectStored(page, 0);
  await section(page, 'members');
  calls.length = 0;
  await reload(page);
  await expect(grid(page).getByRole('row').nth(1)).toBeVisible();
  await expect(keptLine(page)).toHaveCount(0);
  expect(calls.length).toBeGreaterThan(0);
  expect((await stored(page)).directories).toEqual([]);
});

test('a choice that is taken back before it is written is not stored', async ({ page, key }) => {
  await connectIn(page, 'CometChat', 'device', CHOSEN, { key, name: NAME });
  await settingsOf(page, NAME);
  const letWrite = await holdWrites(page, 'directories');
  await choice(page).check();
  await choice(page).uncheck();
  await letWrite();
  // Begins once what was held is written.
  const nStored = () => page.evaluate(() => new Promise<number>(resolve => {
    const open = indexedDB.open('muster');
    open.onsuccess = () => {
      const counting = open.result.transaction('directories', 'readwrite').objectStore('directories').count();
      counting.onsuccess = () => {
        open.result.close();
        resolve(counting.result);
      };
    };
  }));
  await expect.poll(nStored).toBe(0);
  await expect(choice(page)).not.toBeChecked();
  await page.reload();
  await expect(choice(page)).not.toBeChecked();
});

test('its code is fetched where it can be chosen, and not before', async ({ page, key }) => {
  const parts: string[] = [];
  page.on('request', request => {
    if (/\/keeping-[0-9a-f]{16}\.wasm$/.test(new URL(request.url()).pathname)) parts.push(request.url());
  });
  const ahead = fetchedAhead(page);
  await connectIn(page, 'CometChat', 'device', CHOSEN, { key, name: NAME });
  await section(page, 'members');
  await expect(grid(page).getByRole('row').nth(1)).toBeVisible();
  await expect(button(page, 'directory.pause')).toHaveCount(0);
  await ahead;
  expect(parts).toEqual([]);
  await settingsOf(page, NAME);
  await expect(choice(page)).toBeVisible();
  expect(parts).toHaveLength(1);
});

test('a reading that was interrupted goes on after a reload and in another tab', async ({ page, context, key }) => {
  test.slow();
  await keeping(page, key);
  // Answers behind the fifth wait until the test has pressed a button.
  let [nAsked, isHeld] = [0, true];
  let release = () => {};
  const released = new Promise<void>(resolve => { release = resolve; });
  await page.route(url => url.href.startsWith(BASES.CometChat) && url.pathname.endsWith('/users'), async route => {
    nAsked += 1;
    if (isHeld && nAsked > 5) await released;
    await route.continue();
  });
  await section(page, 'members');
  await expect.poll(() => nAsked).toBeGreaterThan(5);
  await button(page, 'directory.pause').click();
  isHeld = false;
  release();
  await expect(button(page, 'directory.go_on')).toBeVisible();
  await expectAtRest(page);
  const partial = (await stored(page)).directories[0][2];

  const all = async (of: Page) => {
    await expect(button(of, 'directory.pause')).toHaveCount(0);
    const search = of.getByRole('searchbox', { name: text('members.search') });
    await search.fill('citizen-');
    await expect(of.getByText(text('members.n_of', { count: 30_000, total: '|' }).split('|')[0], { exact: false })).toBeVisible();
  };
  const other = await context.newPage();
  const elsewhere = asked(other);
  await other.goto(page.url());
  await unlock(other);
  await all(other);
  expect(elsewhere).not.toContain('1');

  // The later write wins: this tab finds all that the other has read.
  await expect.poll(async () => (await stored(page)).directories[0][2]).not.toEqual(partial);
  await expectAtRest(page);
  const calls = asked(page);
  await reload(page);
  await expect(keptLine(page)).toBeVisible();
  await all(page);
  expect(calls).toEqual([]);
  await other.close();
});

test('a group is kept with its scopes', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark, { participants: ['citizen-00011', 'citizen-00012', 'citizen-00013'], admins: ['citizen-00014'] });
  await ban(request, mark, 'citizen-00013');
  await keeping(page, key);
  // Everyone was shown when the connection was added.
  await section(page, 'members');
  await expectStored(page, 1);
  await openGroup(page, mark);
  const scopes = page.getByRole('grid', { name: text('scopes.table') });
  const admin = scopes.getByRole('row').filter({ hasText: 'citizen-00014' });
  await expect(admin).toBeVisible();
  const before = await scopes.getByRole('rowheader').allTextContents();
  await expectStored(page, 2);
  expect(JSON.stringify((await stored(page)).directories)).not.toContain(mark);

  const calls = asked(page, mark);
  await reload(page);
  await expect(admin).toBeVisible();
  await expect(scopes.getByRole('rowheader')).toHaveText(before);
  await expect(keptLine(page)).toBeVisible();
  expect(calls).toEqual([]);
});

test('what was kept goes with the key, and is not offered without one', async ({ page, key }) => {
  await keeping(page, key);
  await section(page, 'members');
  await expect(grid(page).getByRole('row').nth(1)).toBeVisible();
  await expectStored(page, 1);
  // Locking leaves it, encrypted.
  await lockAll(page).click();
  await expect(passphrase(page)).toBeVisible();
  await expectStored(page, 1);
  await unlock(page);

  await settingsOf(page, NAME);
  await keepIn(page, 'memory');
  await button(page, 'connections.save').click();
  await expect(page.getByText(text('connections.saved')).first()).toBeVisible();
  await expectStored(page, 0);
  await expect(choice(page)).toHaveCount(0);
});
