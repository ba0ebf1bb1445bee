// Offline, and with user preferences such as reduced motion.
import { expect, test } from './support/test';
import { addConnection, connect, fillRelayed, go, section } from './support/connect';
import { expectRow, pastePeople, pickGroup, row, send, sendButton } from './support/compose';
import { front, relayToCometChat } from './support/front';
import { expectSound } from './support/looks';
import { fetchedAhead } from './support/network';
import { makeGroup, scopesOf } from './support/sandbox';
import { SCREENS, addSamples, open, show } from './support/screens';
import { text } from './support/text';

test('offline is said, and a call without an answer ends as unknown', async ({ page, context, key, mark, request, quiet }) => {
  quiet.lost();
  await makeGroup(request, mark);
  const ahead = fetchedAhead(page);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'fan-301');
  await expect(sendButton(page)).not.toHaveAttribute('aria-disabled', 'true');
  await ahead;
  await context.setOffline(true);
  await expect(page.getByText(text('shell.offline'))).toBeVisible();
  await send(page);
  // A local server is reachable while offline, so the call is attempted and fails without a response.
  await expect(row(page, 'fan-301')).toContainText(/Unknown.*No response/);
  await context.setOffline(false);
  await expect(page.getByText(text('shell.offline'))).toBeHidden();
  expect(await scopesOf(request, mark)).not.toHaveProperty('fan-301');
});

test('samples work without a network once they are here', async ({ page, context, quiet }) => {
  // The browser requests its favicon again.
  quiet.about(/ERR_INTERNET_DISCONNECTED .*favicon/);
  const ahead = fetchedAhead(page);
  await addSamples(page);
  await page.getByRole('article', { name: 'Superhero fans' }).getByRole('link', { name: text('shell.section_members') }).click();
  await expect(page.getByRole('grid').getByRole('row').nth(2)).toBeVisible();
  await ahead;
  await context.setOffline(true);
  await section(page, 'add');
  await pickGroup(page, 'book-circle');
  await pastePeople(page, 'fan-302');
  await send(page);
  await expectRow(page, 'fan-302', 'done');
});

test('a connection in another tab is there after a reload, its key is not', async ({ page, context, key }) => {
  await connect(page, 'CometChat', { key, name: 'Shared' });
  const other = await context.newPage();
  await other.goto('/connections');
  await expect(other.getByRole('main').getByRole('listitem').filter({ hasText: 'Shared' })).toContainText(text('connections.needs_key'));
  await other.close();
});

test('keys never stand in storage or in an address', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'fan-303');
  await send(page);
  await expectRow(page, 'fan-303', 'done');
  await go(page, 'activity');
  const kept = await page.evaluate(async () => {
    const all: unknown[] = [location.href, { ...localStorage }, { ...sessionStorage }, document.cookie];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name ?? '');
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      for (const store of database.objectStoreNames) {
        all.push(await new Promise((resolve, reject) => {
          const reading = database.transaction(store).objectStore(store).getAll();
          reading.onsuccess = () => resolve(reading.result);
          reading.onerror = () => reject(reading.error);
        }));
      }
      database.close();
    }
    return JSON.stringify(all);
  });
  expect(kept).toContain('My CometChat');
  expect(kept).not.toContain(key);
});

test('every screen can be used with forced colours', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await addSamples(page);
  for (const screen of [SCREENS.CometChat[2], SCREENS.CometChat[7], SCREENS['with connections'][3]]) {
    await show(page, screen);
    await expect(page.getByRole('main').getByRole('button').first()).toBeVisible();
  }
});

test('with reduced motion nothing moves, not even what stands for what is being read', async ({ page }) => {
  const moving = () => page.evaluate(() => document.getAnimations().map(one => String((one.effect as KeyframeEffect).target?.className)));
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await addSamples(page);
  for (const screen of [SCREENS.CometChat[2], SCREENS.CometChat[7], SCREENS['with connections'][3]]) {
    await show(page, screen);
    expect(await moving(), screen.name).toEqual([]);
    await page.getByRole('main').getByRole('button').first().hover();
    expect(await moving(), `${screen.name}, a button`).toEqual([]);
  }
  // A response that never comes, so that there is time to look.
  await page.goto('/c/superhero-fans/groups/hang');
  await expect(page.locator('.skeleton').first()).toBeVisible();
  expect(await moving()).toEqual([]);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await expect.poll(async () => (await moving()).some(name => name.includes('skeleton'))).toBe(true);
});

test('right to left, the page is turned around and still whole', async ({ page }) => {
  await addSamples(page);
  for (const [nth, screen] of SCREENS.CometChat.entries()) {
    await (nth === 0 ? open(page, screen, 'dir=rtl') : show(page, screen));
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), screen.name).toBeLessThanOrEqual(0);
    const isTurned = await page.evaluate(() => getComputedStyle(document.documentElement).direction);
    expect(isTurned).toBe('rtl');
  }
});

test('what a lost call was to make is looked for again when it can no longer arrive', async ({ page, key, mark, quiet }) => {
  // This takes a minute.
  test.slow();
  quiet.statuses(404);
  quiet.lost();
  const relay = relayToCometChat({ key, isOpen: true });
  const site = await front((request, response) => {
    const isCreating = request.method === 'POST' && /\/groups$/.test(request.url ?? '');
    if (isCreating) request.socket.destroy();
    else relay(request, response);
  });
  try {
    await fillRelayed(page, site.origin);
    await addConnection(page);
    await section(page, 'groups');
    await page.getByRole('link', { name: text('groups.new_group') }).click();
    await page.getByLabel(text('groups.name')).fill('Never made');
    await page.getByLabel(text('groups.id'), { exact: true }).fill(mark);
    await page.getByRole('button', { name: text('groups.create'), exact: true }).click();
    const [before] = text('run.now_looks_again', { until: '|' }).split('|');
    await expect(page.getByText(before)).toBeVisible();
    await expectSound(page, 'looks-again');
    await expect(page.getByRole('main')).toContainText(text('errors.console.row_not_so.meaning'), { timeout: 100_000 });
    await expect(page.getByText(before)).toBeHidden();
  } finally {
    // Before its host: it still fetches code ahead.
    await page.close();
    await site.close();
  }
});
