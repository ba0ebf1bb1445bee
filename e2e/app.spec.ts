// The console as an app: installed, opened without a network, updated and removed. Every page is served by its own
// host, which is taken off the network by refusing connections.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test as base, type Page } from './support/test';
import { expectRow, pastePeople, pickGroup, send } from './support/compose';
import { addConnection, fillRelayed, go, section } from './support/connect';
import { relayToCometChat } from './support/front';
import { HELD, Host, SIGN_IN, another, below, built, withFiles } from './support/host';
import { HOSTS } from './support/hosts';
import { saveData } from './support/network';
import { text } from './support/text';

const test = base.extend<{ host: Host }>({
  serviceWorkers: 'allow',
  host: async ({}, use) => {
    const host = await Host.start(built());
    await use(host);
    await host.stop();
  },
});

// Storing a release begins once everything has been fetched ahead.
test.beforeEach(({ quiet }) => {
  test.slow();
  // What reaches for the network while there is none.
  quiet.lost();
});

const isStarted = (page: Page) => expect(page.getByRole('button', { name: text('overview.look_try') })).toBeVisible();
const heading = (page: Page, key: string) => expect(page.getByRole('heading', { level: 1, name: text(key) })).toBeVisible();
const notice = (page: Page) => page.getByText(text('shell.new_version'));
const load = (page: Page) => page.getByRole('button', { name: text('shell.new_version_load') });
const release = (page: Page) => page.locator('#boot').getAttribute('data-release');

/** Waits until the release is stored and in use. */
const stored = (page: Page) => page.evaluate(async () => void (await navigator.serviceWorker.ready));

/** Opens the console and waits until it can be opened without a network. */
async function install(page: Page, url: string) {
  await page.goto(url);
  await isStarted(page);
  await stored(page);
}

/** The addresses and contents in all caches, without the paths of the site's own files. */
const cached = (page: Page) => page.evaluate(async () => {
  const found: { name: string; url: string; text: string }[] = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const response = await cache.match(url, { ignoreVary: true });
      found.push({ name, url, text: /\.(wasm|png)$/.test(url) ? '' : ((await response?.text()) ?? '') });
    }
  }
  return found;
});

/** The names of the stored releases. */
const releases = (page: Page) => page.evaluate(async () => (await caches.keys()).filter(name => !name.endsWith(' settings')));

/** Waits until the page has fetched everything ahead through the worker, and asks it for nothing more. */
const fetchedAll = (page: Page) => page.evaluate(() => new Promise<void>(resolve => {
  const isLast = ({ name }: PerformanceEntry) => /\/doctor-[0-9a-f]{16}\.wasm$/.test(name);
  // Includes what was fetched before.
  new PerformanceObserver(list => list.getEntries().some(isLast) && resolve()).observe({ type: 'resource', buffered: true });
}));

/** Empties the cache of HTTP, so that only the worker has files. */
async function forgetResponses(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  await session.detach();
}

/** Makes the page look for another release until this is so: it finds none before it knows its worker. */
async function lookUntil(page: Page, isSo: () => Promise<void>) {
  await expect(async () => {
    await page.clock.fastForward('20:00');
    await isSo();
  }).toPass();
}

/** Makes the page look for another release until it mentions one. */
const lookUntilMentioned = (page: Page) => lookUntil(page, () => expect(notice(page)).toHaveCount(1, { timeout: 1_000 }));

test('every page opens without a network, with the headers of the host', async ({ page, host }) => {
  await install(page, host.url);
  const online = (await page.request.get(host.url)).headers();
  await forgetResponses(page);
  host.down();
  for (const [path, title] of [['settings', 'settings.title'], ['activity', 'activity.title'], ['runs', 'runs.title'], ['connections/new', 'connections.new_title']]) {
    const response = await page.goto(host.url + path);
    expect(response?.fromServiceWorker(), path).toBe(true);
    await heading(page, title);
    expect(response?.headers()['content-security-policy']).toBe(online['content-security-policy']);
  }
  expect(online['content-security-policy']).toContain("manifest-src 'self'");
  await page.goto(`${host.url}?dir=rtl#x`);
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await isStarted(page);
});

test('samples work without a network, and what was done in them stays', async ({ page, host }) => {
  await install(page, host.url);
  await forgetResponses(page);
  host.down();
  await page.reload();
  await page.getByRole('button', { name: text('overview.look_try') }).click();
  await page.getByRole('article', { name: 'Superhero fans' }).getByRole('link', { name: text('shell.section_add') }).click();
  await pickGroup(page, 'book-circle');
  await pastePeople(page, 'fan-101');
  await send(page);
  await expectRow(page, 'fan-101', 'done');
  await page.reload();
  await go(page, 'activity');
  await expect(page.getByRole('main')).toContainText('Superhero fans');
});

test('the first visit fetches nothing for it before everything else is here', async ({ page, host }) => {
  await install(page, host.url);
  const first = host.asked.findIndex(({ path }) => path === '/sw.js');
  const before = host.asked.slice(0, first).map(({ path }) => path);
  expect(before.some(path => /\/app-[0-9a-f]{16}\.wasm$/.test(path)), 'what registers it').toBe(true);
  expect(before.some(path => /\/doctor-[0-9a-f]{16}\.wasm$/.test(path)), 'what is fetched ahead last').toBe(true);
  const after = host.asked.slice(first).map(({ path }) => path);
  expect(after.filter(path => /\.wasm$/.test(path) && before.includes(path)), 'what the browser has already').toEqual([]);
});

test('nothing is stored for somebody who saves data', async ({ page, host }) => {
  await saveData(page);
  await page.clock.install();
  await page.goto(host.url);
  await isStarted(page);
  await page.clock.fastForward('01:00');
  await page.waitForLoadState('networkidle');
  expect(host.times(/^\/sw\.js$/)).toBe(0);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
});

test('below a path it has that path only', async ({ page }) => {
  const host = await Host.start(below(built(), '/desk/'), { at: '/desk/' });
  await install(page, host.url);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope)).toBe(host.url);
  host.down();
  await page.goto(`${host.url}settings`);
  await heading(page, 'settings.title');
  for (const elsewhere of ['../', '../desktop', 'wiki', 'relay/x', 'runsx']) {
    await expect(page.goto(new URL(elsewhere, host.url).href), elsewhere).rejects.toThrow(/ERR_/);
  }
  await host.stop();
});

test('a release with a damaged file is not stored, and the next attempt succeeds', async ({ page, host, quiet }) => {
  quiet.about(/integrity|valid digest/);
  host.alter(/\/icon-maskable-512-.*\.png$/);
  await page.goto(host.url);
  await isStarted(page);
  // Once as it is, and once past what the browser has.
  await expect.poll(() => host.times(/\/icon-maskable-512-/), { timeout: 120_000 }).toBe(2);
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  host.down();
  await expect(page.reload()).rejects.toThrow(/ERR_/);
  await page.waitForURL('chrome-error://chromewebdata/');
  host.down(false);
  host.put(built());
  host.alter(/\/icon-maskable-512-.*\.png$/, 0);
  await install(page, host.url);
});

test('a new release is mentioned once it is stored, and no page mixes it with the one before', async ({ page, context, host }) => {
  await page.clock.install();
  await install(page, host.url);
  await page.reload();
  const first = await release(page);
  const other = await context.newPage();
  await saveData(other);
  await other.goto(host.url);
  await isStarted(other);
  // The files of the first release are gone from the host.
  host.put(another(built()));
  await lookUntilMentioned(page);
  expect(await releases(page)).toHaveLength(2);
  const third = await context.newPage();
  await third.goto(host.url);
  await isStarted(third);
  expect(await release(third), 'a page that is opened before somebody wants the new version').toBe(first);
  await third.close();
  await load(page).click();
  await expect(page.locator('#boot')).toHaveAttribute('data-release', 'another-1');
  await isStarted(page);
  await expect(notice(page)).toHaveCount(0);
  // A part that this page has not fetched yet, of the release that it began with.
  await forgetResponses(other);
  await other.getByRole('link', { name: text('shell.settings'), exact: true }).click();
  await heading(other, 'settings.title');
  expect(await release(other)).toBe(first);
  await expect(notice(other)).toHaveCount(1);
  expect(await releases(page), 'the first is in use').toHaveLength(2);
  await load(other).click();
  await expect(other.locator('#boot')).toHaveAttribute('data-release', 'another-1');
  await heading(other, 'settings.title');
  await page.reload();
  await expect.poll(() => releases(page), 'nobody uses the first').toHaveLength(1);
  host.down();
  await page.goto(`${host.url}activity`);
  await heading(page, 'activity.title');
  expect(await release(page)).toBe('another-1');
});

test('a new release does not wait for a worker with an unfinished request', async ({ page, context, host }) => {
  await page.clock.install();
  await install(page, host.url);
  await page.reload();
  const first = await release(page);
  const other = await context.newPage();
  await other.goto(host.url);
  await isStarted(other);
  host.put(another(built()));
  await lookUntilMentioned(page);
  // The browser does not replace the worker before it has answered.
  await other.evaluate(path => void fetch(path).catch(() => undefined), HELD);
  await expect.poll(() => host.held()).toBe(1);
  await load(page).click();
  await expect(page.locator('#boot')).toHaveAttribute('data-release', 'another-1');
  await isStarted(page);
  await page.clock.fastForward('20:00');
  expect(await release(other)).toBe(first);
  const workers = () => page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return [registration.active?.state, registration.waiting?.state];
  });
  expect(await workers()).toEqual(['activated', 'installed']);
  const opened = await context.newPage();
  await opened.goto(host.url);
  expect(await release(opened), 'every page that is opened is of the version that was chosen').toBe('another-1');
  await opened.close();
  // The browser starts the worker anew, and keeps it, for a request that comes while it stops it.
  for (const each of [page, other]) await fetchedAll(each);
  host.release();
  await expect.poll(workers).toEqual(['activated', undefined]);
  // Its own version is no news for the page.
  await expect(notice(other)).toHaveCount(1);
  await expect(notice(page)).toHaveCount(0);
  expect((await cached(page)).map(({ url }) => new URL(url).pathname)).not.toContain('/.next');
});

test('a new release takes over when no page is open', async ({ page, context, host }) => {
  await page.clock.install();
  await install(page, host.url);
  await page.reload();
  await isStarted(page);
  host.put(another(built()));
  await lookUntilMentioned(page);
  await page.goto('about:blank');
  const next = await context.newPage();
  await expect
    .poll(async () => {
      await next.goto(host.url);
      const found = await release(next);
      await next.goto('about:blank');
      return found;
    })
    .toBe('another-1');
  await next.goto(host.url);
  await expect.poll(() => releases(next), 'nobody uses the first').toHaveLength(1);
});

test('a new release with a damaged file is not offered, and the page goes on', async ({ page, host, quiet }) => {
  quiet.about(/integrity|valid digest/);
  await page.clock.install();
  await install(page, host.url);
  await page.reload();
  await isStarted(page);
  const first = await release(page);
  host.put(another(built()));
  host.alter(/\/settings-.*\.wasm$/);
  const before = host.times(/\/settings-/);
  // Once as it is, and once past what the browser has.
  await lookUntil(page, () => expect.poll(() => host.times(/\/settings-/), { timeout: 1_000 }).toBeGreaterThan(before + 1));
  await expect.poll(() => page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return [registration.installing, registration.waiting].some(Boolean);
  })).toBe(false);
  await page.reload();
  await isStarted(page);
  expect(await release(page)).toBe(first);
  await expect(notice(page)).toHaveCount(0);
  host.alter(/\/settings-.*\.wasm$/, 0);
  await lookUntilMentioned(page);
});

test('other headers are another release', async ({ page, host }) => {
  await page.clock.install();
  await install(page, host.url);
  await page.reload();
  await isStarted(page);
  // What `dist` writes for a config.json with another host.
  const headers = String(built().get('/_headers')).replace("connect-src 'self'", "connect-src 'self' https://vendor.example");
  const worker = String(built().get('/sw.js')).replace(/RELEASE = '\w+'/, "RELEASE = 'headers'");
  host.put(withFiles(built(), { '/_headers': headers, '/sw.js': worker }));
  await lookUntilMentioned(page);
  const loaded = page.waitForEvent('load');
  await load(page).click();
  await loaded;
  await isStarted(page);
  host.down();
  const response = await page.goto(host.url);
  expect(response?.headers()['content-security-policy']).toContain("connect-src 'self' https://vendor.example");
});

test('settings come from the host, and without a network as they were last', async ({ page, host }) => {
  const named = (name: string) => withFiles(built(), { '/config.json': JSON.stringify({ brand: { name } }) });
  host.put(named('Harbour Desk'));
  await install(page, host.url);
  await page.reload();
  await expect(page).toHaveTitle(/Harbour Desk/);
  host.put(named('River Desk'));
  await page.reload();
  await expect(page).toHaveTitle(/River Desk/);
  // The worker remembers them after it has handed them on.
  await expect.poll(async () => (await cached(page)).filter(({ url }) => url.endsWith('/config.json')).map(({ text }) => text).join()).toContain('River Desk');
  host.down();
  await page.reload();
  await expect(page).toHaveTitle(/River Desk/);
  await expect(page.getByText(text('shell.config_title'))).toHaveCount(0);
});

test('a host that asks for a sign-in is asked for it', async ({ page, host, quiet }) => {
  quiet.statuses(401);
  await install(page, host.url);
  await page.reload();
  await isStarted(page);
  host.signOut();
  await page.reload();
  await expect(page).toHaveURL(new URL(SIGN_IN, host.url).href);
  await page.goto(`${host.url}settings`);
  await expect(page).toHaveURL(new URL(SIGN_IN, host.url).href);
  host.signOut(false);
  await page.goto(`${host.url}settings`);
  await heading(page, 'settings.title');
  host.down();
  await page.reload();
  await heading(page, 'settings.title');
});

test('a host that switches it off in its settings removes it', async ({ page, host }) => {
  await install(page, host.url);
  await page.reload();
  await isStarted(page);
  host.put(withFiles(built(), { '/config.json': '{ "features_off": ["offline"] }' }));
  await page.reload();
  await isStarted(page);
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  await expect.poll(() => page.evaluate(() => caches.keys())).toEqual([]);
  const response = await page.reload();
  expect(response?.fromServiceWorker()).toBe(false);
  await isStarted(page);
});

test('a worker that removes itself leaves nothing, also where the page does not start', async ({ page, host, quiet }) => {
  // The other page names no icon.
  quiet.statuses(404);
  await install(page, host.url);
  // A page that fetches ahead can keep the worker that is to be replaced.
  await saveData(page);
  const remove = readFileSync(fileURLToPath(new URL('../deploy/sw-remove.js', import.meta.url)), 'utf8');
  host.put(withFiles(built(), { '/sw.js': remove, '/index.html': '<title>Closed</title>' }));
  await page.reload();
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  await expect.poll(() => page.evaluate(() => caches.keys())).toEqual([]);
  await page.reload();
  await expect(page).toHaveTitle('Closed');
});

test('answers of a vendor are in no cache, and what is asked of it is not answered by the worker', async ({ page, key }) => {
  const host = await Host.start(built(), { relay: relayToCometChat({ key, isOpen: true }) });
  await install(page, host.url);
  await page.reload();
  const byWorker: string[] = [];
  page.on('response', response => {
    if (response.fromServiceWorker()) byWorker.push(new URL(response.url()).pathname);
  });
  await fillRelayed(page, host.url.slice(0, -1));
  await addConnection(page);
  await expect(page.getByRole('grid').getByRole('row').nth(2)).toBeVisible();
  await section(page, 'groups');
  await expect(page.getByRole('grid', { name: text('groups.title') })).toContainText('superhero-fans');
  const found = await cached(page);
  expect(found.length).toBeGreaterThan(50);
  const allowed = /^\/(|manifest\.webmanifest|config\.json|assets\/[\w.-]+|\.client\/[\w-]+)$/;
  expect(found.map(({ url }) => new URL(url).pathname).filter(path => !allowed.test(path))).toEqual([]);
  expect(found.filter(({ url, text }) => !url.includes('/assets/') && /superhero-fans|aurora-admin|cap-admin/.test(text))).toEqual([]);
  expect(byWorker.filter(path => path.startsWith('/relay/'))).toEqual([]);
  expect(byWorker.length, 'it answers with its own files').toBeGreaterThan(0);
  await host.stop();
});

test('the manifest can be installed, and its files are there', async ({ page, host, context }) => {
  await install(page, host.url);
  const session = await context.newCDPSession(page);
  const { url, errors, data } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(url).toBe(`${host.url}manifest.webmanifest`);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  const manifest = JSON.parse(data ?? '');
  expect(manifest).toMatchObject({ name: 'Muster', short_name: 'Muster', display: 'standalone', start_url: './', scope: './' });
  for (const { src, type } of manifest.icons) {
    const answer = await page.request.get(new URL(src, url).href);
    expect([answer.status(), answer.headers()['content-type']], src).toEqual([200, type]);
  }
  for (const { url: target } of manifest.shortcuts) {
    await page.goto(new URL(target, url).href);
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(text('settings.not_found_title'));
  }
});

test('the app has the brand of its host', async ({ request }) => {
  const manifest = await (await request.get(`${HOSTS.branded}/manifest.webmanifest`)).json();
  expect(manifest).toMatchObject({ name: 'Harbour Desk', theme_color: '#8a1f4b', icons: [{ src: 'brand/harbour.svg' }] });
  const closed = await (await request.get(`${HOSTS.closed}/manifest.webmanifest`)).json();
  expect(closed.file_handlers).toBeUndefined();
});

const CONNECTIONS = { muster: 'connections', format: 1, connections: [{ id: 'fans', vendor: 'cometchat', name: 'Relayed fans', reach: 'relay', base_url: '/relay/cometchat/fans/v3' }] };

for (const [what, name, content, shows] of [
  ['a table of results', 'people.csv', 'vendor,by,person,operation,group,outcome\ncometchat,id,fan-1,kick,book-circle,refused\n', 'people.csv'],
  ['a file of connections', 'connections.json', JSON.stringify(CONNECTIONS, null, 2), 'Relayed fans'],
] as const) {
  test(`${what} that the operating system opens is on its page`, async ({ page, host }) => {
    // The system's part: a window opened with a file.
    await page.addInitScript(([name, content]) => {
      const launch = { files: [{ getFile: async () => new File([content], name) }] };
      Object.defineProperty(globalThis, 'launchQueue', { value: { setConsumer: (consumer: (launch: unknown) => void) => consumer(launch) } });
    }, [name, content]);
    await page.goto(`${host.url}runs/open`);
    await expect(page.getByText(shows).first()).toBeVisible();
    await expect(page).toHaveURL(new RegExp(name.endsWith('.csv') ? '/runs/open$' : '/connections$'));
  });
}
