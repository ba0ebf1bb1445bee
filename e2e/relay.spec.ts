// The console behind the recipes' nginx and Caddy: everything works without a key in the browser.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIRequestContext, Request, Response } from '@playwright/test';
import { expect, test, type Page } from './support/test';
import { addConnection, fillRelayed, openGroup, section } from './support/connect';
import { expectRow, pastePeople, pickGroup, send } from './support/compose';
import { line } from './support/line';
import { fetchedAhead } from './support/network';
import { must, type VendorName } from './support/sandbox';
import { text } from './support/text';

const SANDBOX = must('RELAY_SANDBOX_URL');
/** Keys that only the relay and the vendors' sandbox know. */
const KEYS = must('RELAY_KEYS').split(' ');
const [COOKIE, VALUE] = must('RELAY_COOKIE').split('=');
const SERVERS = { nginx: must('RELAY_NGINX_URL'), Caddy: must('RELAY_CADDY_URL') };
/** A user in the recipes' password file. */
const PERSON = { username: 'ada', password: 'let me in 4711' };

const RELAYS: Record<VendorName, string> = {
  CometChat: '/relay/cometchat/superhero-fans/v3',
  Networked: '/relay/networked/founders-guild',
  Genuin: '/relay/genuin/loop-studio',
};

/** Creates a group for this test, bypassing the relay. */
async function makeGroup(request: APIRequestContext, guid: string, participants: string[]) {
  const headers = { apikey: KEYS[0] };
  const made = await request.post(`${SANDBOX}/cometchat/v3/groups`, { headers, data: { guid, name: `Group ${guid}`, type: 'public' } });
  expect(made.ok(), await made.text()).toBe(true);
  const added = await request.post(`${SANDBOX}/cometchat/v3/groups/${guid}/members`, { headers, data: { participants } });
  expect(added.ok(), await added.text()).toBe(true);
}

/** The group's members and scopes, bypassing the relay. */
async function scopesOf(request: APIRequestContext, guid: string): Promise<Record<string, string>> {
  const response = await request.get(`${SANDBOX}/cometchat/v3/groups/${guid}/members?perPage=1000`, { headers: { apikey: KEYS[0] } });
  const { data } = (await response.json()) as { data: { uid: string; scope: string }[] };
  return Object.fromEntries(data.map(member => [member.uid, member.scope]));
}

/** Fills in the form for a connection through the relay. */
async function fillRelay(page: Page, vendor: VendorName, origin = '') {
  await fillRelayed(page, origin, RELAYS[vendor], vendor);
  await page.getByLabel(text('connections.name'), { exact: true }).fill(`Relayed ${vendor}`);
  await expect(page.getByLabel(text('connections.api_key'), { exact: true })).toHaveCount(0);
}

async function connect(page: Page, vendor: VendorName, origin = '') {
  await fillRelay(page, vendor, origin);
  await addConnection(page);
}

/** The number of changes to a group that have reached the vendor. */
async function arrived(request: APIRequestContext, guid: string): Promise<number> {
  const response = await request.get(`${must('RELAY_VENDOR_URL')}/arrived/groups/${guid}`);
  return Number(await response.text());
}

/**
 * Adds one person with one click to a group whose vendor answers late, and calls `breaks` in the meantime.
 */
async function addWhile(page: Page, request: APIRequestContext, guid: string, breaks: () => void, origin = '') {
  const ahead = fetchedAhead(page);
  await makeGroup(request, guid, ['fan-003']);
  await connect(page, 'CometChat', origin);
  await section(page, 'add');
  await pickGroup(page, guid);
  await pastePeople(page, 'fan-001');
  // What breaks must be the change, not a file of the console.
  await ahead;
  await send(page);
  await expect.poll(() => arrived(request, guid)).toBe(1);
  breaks();
  // Unknown at first; reading the group resolves it.
  await expectRow(page, 'fan-001', 'done');
  expect(await arrived(request, guid), 'arrivals at the vendor').toBe(1);
}

/** Records everything that the browser receives and sends, until the returned function is called. */
function listen(page: Page): () => Promise<string> {
  const heard: Promise<string>[] = [];
  const onResponse = (response: Response) => {
    const told = async () => `${response.url()} ${JSON.stringify(await response.allHeaders())} ${await response.text().catch(() => '')}`;
    heard.push(told());
  };
  const onRequest = (request: Request) => {
    heard.push(request.allHeaders().then(headers => `${request.url()} ${JSON.stringify(headers)} ${request.postData() ?? ''}`));
  };
  page.on('response', onResponse);
  page.on('request', onRequest);
  return async () => {
    page.off('response', onResponse);
    page.off('request', onRequest);
    return (await Promise.all(heard)).join('\n');
  };
}

for (const [server, address] of Object.entries(SERVERS)) {
  test.describe(`through ${server}`, () => {
    test.use({ baseURL: address, httpCredentials: PERSON });

    test('CometChat: people are listed and added, and a scope is changed, without a key', async ({ page, mark: guid, request }) => {
      const heard = listen(page);
      await makeGroup(request, guid, ['fan-003']);
      await connect(page, 'CometChat');
      const table = page.getByRole('grid', { name: text('members.title') });
      await expect(table.getByRole('row').nth(1)).toBeVisible();

      await section(page, 'add');
      await pickGroup(page, guid);
      await pastePeople(page, 'fan-001\nfan-002');
      await send(page);
      await expectRow(page, 'fan-001', 'done');
      await expectRow(page, 'fan-002', 'done');

      await openGroup(page, guid);
      const row = page.getByRole('grid', { name: text('scopes.table') }).getByRole('row').filter({ hasText: 'fan-003' });
      const cell = row.getByRole('radio', { name: new RegExp(`${text('common.scope_moderator')}$`) });
      await cell.click();
      await expect(cell).toBeChecked();
      await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
      await page.getByRole('button', { name: text('scopes.send', { count: 1 }) }).click();
      await expect(page.getByRole('complementary', { name: text('scopes.results_title') })).toContainText(text('results.n_done', { count: 1 }));
      expect(await scopesOf(request, guid)).toEqual({ 'fan-001': 'participant', 'fan-002': 'participant', 'fan-003': 'moderator' });

      const all = await heard();
      expect(all).toContain(`${RELAYS.CometChat}/groups/${guid}/members`);
      for (const key of KEYS) expect(all.includes(key), 'a key reached the browser').toBe(false);
    });

    for (const vendor of ['CometChat', 'Networked', 'Genuin'] as const) {
      test(`the doctor finds the relay to ${vendor} in order`, async ({ page, quiet }) => {
        // The doctor also calls without signing in, and a path that is not allowed.
        quiet.statuses(401, 403);
        await fillRelay(page, vendor);
        const doctor = page.getByRole('region', { name: text('connections.doctor') });
        await doctor.getByRole('button', { name: text('connections.examine') }).click();
        await expect(doctor.getByRole('button', { name: text('doctor.again') })).toBeVisible();
        // Genuin has nothing to read, so the doctor cannot tell whom the relay admits.
        const readable = vendor === 'Genuin' ? [] : ['let_in', 'strangers_out', 'unlisted_out', 'key_relay'];
        for (const check of ['address_own', 'host', ...readable]) {
          const row = doctor.getByRole('listitem').filter({ has: page.getByText(text(`doctor.${check}`), { exact: true }) });
          await expect(row, check).toHaveClass('is-done');
        }
        await expect(doctor.locator('li.is-refused')).toHaveCount(0);
      });
    }

    test('Networked: people are listed', async ({ page }) => {
      await connect(page, 'Networked');
      await page.getByRole('searchbox', { name: text('members.search') }).fill('owner@founders');
      await expect(page.getByRole('grid', { name: text('members.title') })).toContainText('owner@founders.example');
    });

    test('Genuin: people are added with the token that the relay got', async ({ page }) => {
      // Both servers share the vendors, and a person can only be added once.
      const person = `30000000-0000-4000-8000-0000000000${server === 'nginx' ? 77 : 78}`;
      await connect(page, 'Genuin');
      await section(page, 'add');
      await pickGroup(page, '10000000-0000-4000-8000-000000000002', 'community');
      await pastePeople(page, person);
      await send(page);
      await expectRow(page, person, 'done');
    });

    test('a page of another origin cannot use the sign-in', async ({ page, mark: guid, request, quiet }) => {
      quiet.statuses(403);
      // The relay's refusal is a sandboxed page, in which the browser blocks scripts.
      quiet.about(/CORS policy|ERR_FAILED|ERR_BLOCKED_BY_RESPONSE|^Blocked script execution in/);
      await connect(page, 'CometChat');
      const stranger = createServer((_, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end(`<form method="post" enctype="text/plain" action="${address}${RELAYS.CometChat}/groups">
          <input name='{"guid":"${guid}","name":"x","type":"public","a":"' value='"}'><button>Win a prize</button></form>`);
      });
      await new Promise<void>(ready => stranger.listen(0, '127.0.0.1', ready));
      try {
        await page.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
        const read = await page.evaluate(url => fetch(url, { credentials: 'include' }).then(() => 'read', () => 'failed'), `${address}${RELAYS.CometChat}/groups`);
        expect(read).toBe('failed');
        const answered = page.waitForResponse(response => response.url().startsWith(address) && response.request().method() === 'POST');
        await page.getByRole('button').click();
        expect((await answered).status()).toBe(403);
      } finally {
        stranger.close();
        stranger.closeAllConnections();
      }
      const group = await request.get(`${SANDBOX}/cometchat/v3/groups/${guid}`, { headers: { apikey: KEYS[0] } });
      expect(group.status()).toBe(404);
    });
  });
}

for (const [server, address] of Object.entries(SERVERS)) {
  test.describe(`a line to ${server} that breaks`, () => {
    test.use({ httpCredentials: PERSON });

    test('one click, two calls of the browser, one arrival', async ({ page, mark, request, quiet }) => {
      quiet.statuses(409);
      // The group is read again at the end of the run, when the line may be closed.
      quiet.lost();
      const between = await line(address);
      try {
        const guid = `held-${mark}`;
        await addWhile(page, request, guid, () => between.cut(), between.origin);
        // Proves that the test is effective: the browser did repeat the call.
        expect(between.carried.filter(call => call === `POST ${RELAYS.CometChat}/groups/${guid}/members`)).toHaveLength(2);
      } finally {
        await between.close();
      }
    });
  });
}

test.describe('nginx whose workers die', () => {
  test.use({ baseURL: must('RELAY_MORTAL_URL'), httpCredentials: PERSON });

  test('one click, one arrival', async ({ page, mark, request, quiet }) => {
    quiet.statuses(409);
    quiet.lost();
    const again = page.waitForResponse(response => response.status() === 409);
    await addWhile(page, request, `held-${mark}`, () => {
      const main = readFileSync(must('RELAY_MORTAL_PID'), 'utf8').trim();
      const workers = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ');
      for (const worker of workers) process.kill(Number(worker), 'SIGKILL');
    });
    expect((await again).headers()['muster-relay']).toBe('already-passed-on');
  });
});

test.describe('when the sign-in ends', () => {
  test.use({ baseURL: must('RELAY_OAUTH2_URL') });

  test('people are told to sign in again, and then it works', async ({ page, context, quiet }) => {
    quiet.statuses(401);
    const url = must('RELAY_OAUTH2_URL');
    await context.addCookies([{ name: COOKIE, value: VALUE, url }]);
    const ahead = fetchedAhead(page);
    await connect(page, 'CometChat');
    const table = page.getByRole('grid', { name: text('members.title') });
    await expect(table.getByRole('row').nth(1)).toBeVisible();
    await ahead;

    await expect(page.getByRole('main')).toContainText(/Loaded at/);
    await context.clearCookies();
    await page.getByRole('button', { name: text('members.read_again') }).click();
    await expect(page.getByRole('main')).toContainText(text('errors.console.relay_sign_in.meaning'));
    await expect(page.getByRole('main')).toContainText(text('errors.console.relay_sign_in.operator'));

    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await context.addCookies([{ name: COOKIE, value: VALUE, url }]);
    await page.goto('/');
    await page.getByRole('link', { name: 'Relayed CometChat' }).first().click();
    await section(page, 'members');
    await expect(table.getByRole('row').nth(1)).toBeVisible();
  });
});
