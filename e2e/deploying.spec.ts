// Releases deployed under an open page, missing files, and damaged files.
import { expect, test as base, type Page } from './support/test';
import { Host, another, built, merged } from './support/host';
import { saveData } from './support/network';
import { text } from './support/text';

const test = base.extend<{ host: Host }>({
  host: async ({}, use) => {
    const host = await Host.start(built());
    await use(host);
    await host.stop();
  },
});

const release = (page: Page) => page.locator('#boot').getAttribute('data-release');
const notice = (page: Page) => page.getByText(text('shell.new_version'));
const load = (page: Page) => page.getByRole('button', { name: text('shell.new_version_load') });
const isStarted = (page: Page) => expect(page.getByRole('button', { name: text('overview.look_try') })).toBeVisible();
/** Browser messages about a damaged file. */
const DAMAGED = /Failed to find a valid digest|SRI's integrity checks failed|Failed to fetch|failed to load split module/;
const FAILED = 'Muster could not start.';
const NOT_STARTED = 'Muster has not started yet.';

test('a new release is mentioned, and loaded when somebody wants it', async ({ page, host }) => {
  await page.clock.install();
  await page.goto(host.url);
  await isStarted(page);
  const first = await release(page);
  await page.evaluate(() => document.body.setAttribute('data-kept', ''));
  host.put(merged(built(), another(built())));
  await page.clock.fastForward('20:00');
  await expect(notice(page)).toBeVisible();
  await page.getByRole('button', { name: text('shell.new_version_later') }).click();
  await expect(notice(page)).toBeHidden();
  const before = host.visits();
  await page.clock.fastForward('20:00');
  await expect.poll(() => host.visits()).toBeGreaterThan(before);
  await page.getByRole('link', { name: text('shell.settings'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
  await expect(notice(page)).toBeHidden();
  host.put(merged(built(), another(built(), 2)));
  await page.clock.fastForward('20:00');
  await expect(notice(page)).toBeVisible();
  expect(await page.locator('body[data-kept]').count(), 'nothing was loaded by itself').toBe(1);
  await load(page).click();
  await expect(page.locator('#boot')).toHaveAttribute('data-release', 'another-2');
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
  expect(first).toMatch(/^[0-9a-f]{16}$/);
});

test('looking for a new release costs an answer without a body', async ({ page, host }) => {
  await page.clock.install();
  await page.goto(host.url);
  await isStarted(page);
  const before = host.visits();
  await page.clock.fastForward('20:00');
  await expect.poll(() => host.visits()).toBe(before + 1);
  expect(host.asked.filter(({ path }) => path === '/').at(-1)?.again).toBe(true);
  await expect(notice(page)).toBeHidden();
});

test('an old page works while the files of its release stay', async ({ page, host }) => {
  await saveData(page);
  await page.goto(host.url);
  await isStarted(page);
  host.put(merged(built(), another(built())));
  await page.getByRole('link', { name: text('shell.settings'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
});

test('a page whose files are gone says so, and the new one is loaded by hand', async ({ page, host, quiet }) => {
  quiet.statuses(404);
  quiet.about(DAMAGED);
  await saveData(page);
  await page.goto(host.url);
  await isStarted(page);
  host.put(another(built()));
  await page.getByRole('link', { name: text('shell.settings'), exact: true }).click();
  const main = page.getByRole('main');
  await expect(main).toContainText(text('ui.page_gone_title'));
  await main.getByRole('button', { name: text('shell.new_version_load') }).last().click();
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
  expect(await release(page)).toBe('another-1');
});

for (const [what, file] of [['script', /\/muster-.*\.js$/], ['script of what is fetched later', /\/split-.*\.js$/], ['Wasm', /\/muster-.*\.wasm$/]] as const) {
  test(`a changed ${what} does not run, and the page says that it could not start`, async ({ page, host, quiet }) => {
    quiet.about(DAMAGED);
    host.alter(file);
    await page.goto(host.url);
    await expect(page.getByRole('alert')).toContainText(FAILED);
    expect(host.visits(), 'one reload and no more').toBe(2);
    // The page that says so is not the one that is loaded now.
    await page.evaluate(() => document.body.setAttribute('data-before', ''));
    await page.getByRole('button', { name: 'Load again' }).click();
    await expect.poll(() => host.visits()).toBe(3);
    await expect(page.locator('body:not([data-before])').getByRole('alert')).toContainText(FAILED);
    expect(host.visits(), 'none after that').toBe(3);
  });

  test(`a ${what} that came damaged once is fetched anew`, async ({ page, host, quiet }) => {
    quiet.about(DAMAGED);
    host.alter(file, 1);
    await page.goto(host.url);
    await isStarted(page);
    expect(host.visits()).toBe(2);
  });
}

test('a page whose first script was changed or is gone still says something', async ({ page, host, quiet }) => {
  quiet.about(DAMAGED);
  quiet.statuses(404);
  host.alter(/\/boot-.*\.js$/);
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: NOT_STARTED })).toBeVisible();
  const gone = another(built());
  host.put(gone.set('/index.html', built().get('/index.html') ?? Buffer.of()));
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: NOT_STARTED })).toBeVisible();
});

test('a changed style sheet is not used', async ({ page, host, quiet }) => {
  quiet.about(DAMAGED);
  host.alter(/\/app-.*\.css$/);
  await page.goto(host.url);
  await isStarted(page);
  expect(await page.evaluate(() => document.styleSheets.length)).toBe(0);
});

test('a changed part of the program does not run; what came damaged once is fetched anew', async ({ page, host, quiet }) => {
  quiet.about(DAMAGED);
  host.alter(/\/settings-.*\.wasm$/, 1);
  await saveData(page);
  await page.goto(host.url);
  await isStarted(page);
  await page.getByRole('link', { name: text('shell.settings'), exact: true }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText(text('ui.page_missing_title'));
  await page.getByRole('button', { name: text('ui.try_again') }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
});

test('changed Wasm of the sandbox does not run', async ({ page, host, quiet }) => {
  quiet.about(DAMAGED);
  host.alter(/\/sandbox-worker-.*\.wasm$/);
  await page.goto(`${host.url}sandbox`);
  await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
  await expect(page.getByText('uid-not-found')).toHaveCount(0);
});

test('script has no way in: one policy, one worker, no text that becomes code', async ({ page, host, quiet }) => {
  quiet.about(/^violation: (require-trusted-types-for|trusted-types|script-src)/);
  quiet.about(/^(?!violation: ).*(Trusted|Content Security Policy)/);
  await page.goto(host.url);
  await isStarted(page);
  const refused = await page.evaluate(async () => {
    // Code run by the test may evaluate text; code run by a timer may not.
    await new Promise(resolve => setTimeout(resolve));
    const worker = document.querySelector('#boot')?.getAttribute('data-files')?.match(/sandbox-worker\.js=(\S+)/)?.[1] ?? '';
    const boot = document.querySelector('#boot')?.getAttribute('src') ?? '';
    const attempts: Record<string, () => unknown> = {
      'another policy': () => (globalThis as any).trustedTypes.createPolicy('other', {}),
      'the policy again': () => (globalThis as any).trustedTypes.createPolicy('default', {}),
      'the worker': () => new Worker(worker, { type: 'module' }).terminate(),
      'another script as a worker': () => new Worker(boot, { type: 'module' }),
      'a worker from elsewhere': () => new Worker('https://elsewhere.example/worker.js'),
      'the worker with a query': () => new Worker(`${worker}?x`),
      'a script by its address': () => Object.assign(document.createElement('script'), { src: boot }),
      'the text of a script': () => Object.assign(document.createElement('script'), { text: 'go()' }),
      'markup with a handler': () => Object.assign(document.createElement('div'), { innerHTML: '<img src=x onerror=go()>' }),
      'markup with a frame': () => Object.assign(document.createElement('div'), { innerHTML: '<iframe src="x"></iframe>' }),
      'plain markup': () => Object.assign(document.createElement('div'), { innerHTML: '<p>one</p>' }),
      'text as code': () => (0, eval)('1'),
      'a function of text': () => new Function('return 1')(),
    };
    const outcome = (attempt: () => unknown) => {
      try {
        attempt();
        return false;
      } catch {
        return true;
      }
    };
    return Object.entries(attempts).filter(([, attempt]) => outcome(attempt)).map(([name]) => name);
  });
  expect(refused).toEqual([
    'another policy', 'the policy again', 'another script as a worker', 'a worker from elsewhere', 'the worker with a query',
    'a script by its address', 'the text of a script', 'markup with a handler', 'markup with a frame', 'text as code', 'a function of text',
  ]);
});
