// The connection doctor: every finding, provoked by a faulty host or relay.
import { expect, test, type Page, type Quiet } from './support/test';
import { copied } from './support/clipboard';
import { connect, fillConnection, fillRelayed, go, settingsOf } from './support/connect';
import { front, relayToCometChat, SIGNED_IN, type Front } from './support/front';
import { expectSound } from './support/looks';
import { BASES, SANDBOX, SPARE, type VendorName } from './support/sandbox';
import { text } from './support/text';

const STANDING = { passed: 'is-done', known: 'is-unknown', failed: 'is-refused', untried: 'is-same' } as const;
type Standing = keyof typeof STANDING;

function doctor(page: Page) {
  return page.getByRole('region', { name: text('connections.doctor') });
}

/** Starts the examination and waits until it is complete. */
async function examine(page: Page) {
  await doctor(page).getByRole('button', { name: text('connections.examine') }).click();
  await expect(doctor(page).getByRole('button', { name: text('doctor.again') })).toBeVisible();
}

/** Expects the check with this title to have this standing and to contain these words. */
async function expectCheck(page: Page, title: string, standing: Standing, ...words: string[]) {
  const row = doctor(page).getByRole('listitem').filter({ has: page.getByText(title, { exact: true }) });
  await expect(row, title).toHaveClass(STANDING[standing]);
  for (const word of words) await expect(row).toContainText(word);
}

/** Allows the browser's own messages about refused calls. */
function expectRefusals(quiet: Quiet) {
  quiet.statuses(401, 403, 404, 405, 412, 502);
  quiet.lost();
  quiet.about(/blocked by CORS policy/);
}

/** Fills in a connection to a faulty host of the sandbox. */
async function fillCrooked(page: Page, crook: string, key: string, vendor: VendorName = 'CometChat', actingAs?: string) {
  await fillConnection(page, vendor, { key, actingAs });
  await page.getByLabel(text('connections.base_url')).fill(`${SANDBOX}/crooked/${crook}${BASES[vendor].slice(SANDBOX.length)}`);
}

const can = (...names: string[]) => names.map(name => text(`doctor.${name}`));

for (const [vendor, sights] of [
  ['CometChat', can('roles', 'groups', 'members', 'people', 'acting')],
  ['Networked', can('people', 'roles', 'prices')],
  ['Genuin', []],
] as [VendorName, string[]][]) {
  test(`a ${vendor} connection in order: every check says so, and only reads are made`, async ({ page, key, quiet }) => {
    expectRefusals(quiet);
    const calls: string[] = [];
    page.on('request', request => {
      if (request.url().startsWith(SANDBOX)) calls.push(`${request.method()} ${request.url()}`);
    });
    await fillConnection(page, vendor, { key, actingAs: vendor === 'CometChat' ? 'cap-admin' : undefined });
    await examine(page);
    for (const title of [
      text('doctor.address'), text('doctor.host'), text('doctor.readable'), text('doctor.headers'), text('doctor.key'),
      text('doctor.service', { vendor }), ...sights,
    ]) await expectCheck(page, title, 'passed');
    if (vendor === 'Genuin') await expectCheck(page, text('doctor.rights'), 'untried', text('doctor.rights_body', { vendor }));
    if (vendor !== 'Networked') await expectCheck(page, text('doctor.methods'), 'untried', vendor === 'Genuin' ? 'PATCH' : 'PUT and DELETE');
    await expect(doctor(page)).toContainText(text('doctor.summary_fine'));
    await expect(doctor(page)).toContainText(text('doctor.read_only'));
    await expect(doctor(page)).toContainText(text('doctor.n_calls', { count: calls.length }));
    const changing = calls.filter(one => !one.startsWith('GET ') && !one.startsWith('OPTIONS ') && !one.endsWith('/thirdparty/auth'));
    expect(changing).toEqual([]);
  });
}

/** The faulty host, the expected standing, the title, and words that have to appear. */
const CROOKS: [string, Standing, string, string[]][] = [
  ['no-origin', 'failed', 'readable_no', ['Access-Control-Allow-Origin']],
  ['no-preflight', 'failed', 'headers_none', ['OPTIONS', 'apikey']],
  ['no-key-header', 'failed', 'headers_refused', ['apikey', 'Access-Control-Allow-Headers']],
  ['no-content-type', 'failed', 'headers_refused', ['content-type', 'changes don’t']],
  ['silent-refusals', 'known', 'readable_if_good', []],
  ['no-expose', 'known', 'rates_hidden', ['Access-Control-Expose-Headers']],
  ['moved', 'failed', 'address_moved', []],
  ['page', 'failed', 'web_page', []],
  ['other-service', 'failed', 'unreadable', []],
  ['hang', 'failed', 'host_late', []],
  ['clock-right', 'passed', 'clock', []],
  ['clock-ahead', 'known', 'clock_behind', []],
  ['clock-behind', 'known', 'clock_ahead', []],
  ['small-plan', 'known', 'rates_small', [text('doctor.rates_small_use')]],
  ['large-plan', 'passed', 'rates', ['x-ratelimit-limit: 10000']],
];

for (const [crook, standing, name, words] of CROOKS) {
  test(`a host with ${crook}`, async ({ page, key, quiet }) => {
    expectRefusals(quiet);
    await fillCrooked(page, crook, key);
    await examine(page);
    const title = text(`doctor.${name}`, { vendor: 'CometChat', limit: '500', time: 'about 10 minutes' });
    await expectCheck(page, title, standing, ...words);
    if (standing === 'failed') await expect(doctor(page)).toContainText(text('doctor.summary_fix', { count: 1 }));
    if (['no-origin', 'no-preflight', 'small-plan'].includes(crook)) await expectSound(page, `doctor-${crook}`);
    await expect(doctor(page)).not.toContainText(key);
  });
}

test('a host that does not let browsers say for whom a call acts', async ({ page, key, quiet }) => {
  expectRefusals(quiet);
  await fillCrooked(page, 'no-acting', key, 'CometChat', 'cap-admin');
  await examine(page);
  await expectCheck(page, text('doctor.headers_refused'), 'failed', 'onbehalfof');
});

test('an acting user that does not exist, and a key of too little right', async ({ page, quiet, key }) => {
  expectRefusals(quiet);
  await fillConnection(page, 'CometChat', { key, actingAs: 'nobody-knows-me' });
  await examine(page);
  await expectCheck(page, text('doctor.acting_cannot'), 'failed', 'ERR_UID_NOT_FOUND');
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill('auth-only-key');
  await expect(doctor(page)).toContainText(text('doctor.changed'));
  await examine(page);
  await expectCheck(page, text('doctor.key'), 'passed', '403');
  await expectCheck(page, text('doctor.roles_cannot'), 'failed', 'AUTH_ERR_NO_ACCESS', text('errors.cometchat.auth_err_no_access.operator'));
  await expectCheck(page, text('doctor.people'), 'untried', text('doctor.waits_rights'));
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill('wrong-region-key');
  await examine(page);
  await expectCheck(page, text('doctor.app_unknown'), 'failed', 'AUTH_ERR_INVALID_APPID');
  await expectSound(page, 'doctor-app-unknown');
});

test.describe('at an address of its own', () => {
  test.describe.configure({ mode: 'default' });

  test('nobody listens', async ({ page, key, quiet }) => {
    quiet.lost();
    await fillConnection(page, 'CometChat', { key });
    await page.getByLabel(text('connections.base_url')).fill(`${SPARE}/v3`);
    await examine(page);
    await expectCheck(page, text('doctor.host_dead'), 'failed', SPARE);
    await expectCheck(page, text('doctor.readable'), 'untried', text('doctor.waits_reach'));
  });
});

test('a host that the policy of this page does not name is not called', async ({ page, key, quiet }) => {
  quiet.about(/violates the (document's|following) Content Security Policy|Refused to connect/);
  await fillConnection(page, 'CometChat', { key });
  await page.getByLabel(text('connections.base_url')).fill('https://elsewhere.example/v3');
  await examine(page);
  await expectCheck(page, text('doctor.address_blocked'), 'failed', 'https://elsewhere.example', 'config.json');
  await expect(doctor(page)).toContainText(text('doctor.n_calls', { count: 0 }));
});

test('the small pace is taken over into the form', async ({ page, key, quiet }) => {
  expectRefusals(quiet);
  await fillCrooked(page, 'small-plan', key);
  await examine(page);
  await doctor(page).getByRole('button', { name: text('doctor.rates_small_use') }).click();
  await expect(page.getByLabel(text('connections.small_plan'))).toBeChecked();
  await expect(doctor(page)).toContainText(text('doctor.changed'));
  await examine(page);
  await expectCheck(page, text('doctor.rates'), 'passed', 'x-ratelimit-limit: 500');
});

test('an examination can be stopped, and says what was not tried', async ({ page, key }) => {
  await fillCrooked(page, 'hang', key);
  await doctor(page).getByRole('button', { name: text('connections.examine') }).click();
  const stop = doctor(page).getByRole('button', { name: text('doctor.stop') });
  // The checks are listed once the code that examines has been fetched.
  await expect(doctor(page).getByRole('listitem').first()).toBeVisible();
  await stop.click();
  await expect(stop).toHaveCount(0);
  await expectCheck(page, text('doctor.key'), 'untried', text('doctor.stopped'));
  await expect(doctor(page)).toContainText(text('doctor.summary_unknown'));
});

test('what was found stays with the connection until something changes', async ({ page, key, quiet }) => {
  expectRefusals(quiet);
  await connect(page, 'CometChat', { key, name: 'Examined' });
  await settingsOf(page, 'Examined');
  await examine(page);
  await expectCheck(page, text('doctor.key'), 'passed');
  await go(page, 'overview');
  await expect(page.getByRole('heading', { level: 1, name: text('overview.title') })).toBeVisible();
  await settingsOf(page, 'Examined');
  await expectCheck(page, text('doctor.key'), 'passed');
  await page.getByRole('button', { name: text('connections.lock') }).click();
  await go(page, 'overview');
  await settingsOf(page, 'Examined');
  await expect(doctor(page)).toContainText(text('doctor.not_tried'));
});

test('a text for whoever runs the other side names this origin and the lines to add, and no key', async ({ page, key, quiet }) => {
  expectRefusals(quiet);
  await page.context().grantPermissions(['clipboard-write']);
  await fillCrooked(page, 'no-key-header', key);
  await examine(page);
  await doctor(page).getByRole('button', { name: text('doctor.letter_open') }).click();
  const dialog = page.getByRole('dialog', { name: text('doctor.letter_title') });
  const origin = new URL(page.url()).origin;
  for (const line of [
    `Access-Control-Allow-Origin: ${origin}`, 'Access-Control-Allow-Methods: GET, POST, PUT, DELETE',
    'Access-Control-Allow-Headers: apikey, content-type', 'Access-Control-Expose-Headers: x-ratelimit-limit',
    `[${text('doctor.letter_failed')}] ${text('doctor.headers_refused')}`,
  ]) await expect(dialog).toContainText(line);
  await dialog.getByRole('button', { name: text('doctor.letter_copy') }).click();
  await expect(page.getByText(text('ui.copied'))).toBeAttached();
  await expect(dialog).not.toContainText(key);
  await expectSound(page, 'doctor-letter');
});

/** The in-browser sandbox has no address and no key; the rest is as everywhere. */
test('the sandbox in the browser is examined as well', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: text('overview.look_try') }).click();
  await settingsOf(page, 'Superhero fans');
  await examine(page);
  for (const title of can('host', 'roles', 'groups', 'members', 'people', 'acting')) await expectCheck(page, title, 'passed');
  await expect(doctor(page).getByText(text('doctor.address'), { exact: true })).toHaveCount(0);
});

test.describe('a relay', () => {
  let site: Front | undefined;

  test.afterEach(async ({ page }) => {
    // Before its host: it still fetches code ahead.
    await page.close();
    await site?.close();
  });

  async function examineRelay(page: Page, relay: Parameters<typeof front>[0], isSignedIn = true, base = '/relay/cometchat/fans/v3', vendor: VendorName = 'CometChat') {
    site = await front(relay);
    if (isSignedIn) await page.context().addCookies([{ ...SIGNED_IN, url: site.origin }]);
    await fillRelayed(page, site.origin, base, vendor);
    await examine(page);
  }

  test('in order: it asks to sign in, adds the key, and hands on what is listed', async ({ page, key, quiet }) => {
    expectRefusals(quiet);
    await examineRelay(page, relayToCometChat({ key }));
    for (const title of can('address_own', 'host', 'let_in', 'strangers_out', 'unlisted_out', 'key_relay', 'roles', 'groups', 'people', 'clock')) {
      await expectCheck(page, title, 'passed');
    }
    await expect(doctor(page)).toContainText(text('doctor.summary_fine'));
    await doctor(page).getByRole('button', { name: text('doctor.letter_open') }).click();
    const dialog = page.getByRole('dialog', { name: text('doctor.letter_title') });
    for (const line of ['location ^~ /relay/cometchat/fans/ {', 'include muster/keys/cometchat-fans.conf;', 'handle /relay/cometchat/fans/* {']) {
      await expect(dialog).toContainText(line);
    }
    await expect(dialog).not.toContainText(key);
  });

  test('that lets everybody in and hands on everything', async ({ page, key, quiet }) => {
    expectRefusals(quiet);
    await examineRelay(page, relayToCometChat({ key, isOpen: true, handsOnAll: true }));
    await expectCheck(page, text('doctor.strangers_in'), 'known');
    await expectCheck(page, text('doctor.unlisted_in'), 'failed');
    await expectSound(page, 'doctor-relay-open');
  });

  test('whose key is refused', async ({ page, quiet }) => {
    expectRefusals(quiet);
    await examineRelay(page, relayToCometChat({ key: 'wrong-key' }));
    await expectCheck(page, text('doctor.key_refused_relay'), 'failed', text('doctor.key_relay_body'));
    await expectCheck(page, text('doctor.let_in'), 'passed');
  });

  test('that this browser is not signed in to', async ({ page, key, quiet }) => {
    expectRefusals(quiet);
    await examineRelay(page, relayToCometChat({ key }), false);
    await expectCheck(page, text('doctor.sign_in_asked'), 'failed', '401');
    await expectCheck(page, text('doctor.key_relay'), 'untried', text('doctor.waits_sign_in'));
  });

  for (const [what, title, answer] of [
    ['leads to its sign-in', 'sign_in_over', { status: 302, headers: { location: '/sign-in' }, body: '' }],
    ['shows a page to sign in', 'sign_in_page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><h1>Sign in</h1>' }],
    ['does not reach the vendor', 'relay_broken', { status: 502, headers: { 'muster-relay': 'no-answer' }, body: '' }],
    ['does not hand reads on', 'relay_no_way', { status: 403, headers: { 'muster-relay': 'refused' }, body: '' }],
  ] as const) {
    test(`that ${what}`, async ({ page, quiet }) => {
      expectRefusals(quiet);
      await examineRelay(page, (_, response) => void response.writeHead(answer.status, answer.headers).end(answer.body));
      await expectCheck(page, text(`doctor.${title}`, { vendor: 'CometChat' }), 'failed');
    });
  }

  test('that is not there: the site answers itself', async ({ page, quiet }) => {
    expectRefusals(quiet);
    await examineRelay(page, relayToCometChat({ key: 'any' }), true, '/nowhere/v3');
    await expectCheck(page, text('doctor.own_page'), 'failed', text('doctor.own_page_body'));
  });

  test('to a vendor that cannot be read', async ({ page, quiet }) => {
    expectRefusals(quiet);
    const refuse: Parameters<typeof front>[0] = (_, response) => void response.writeHead(403, { 'muster-relay': 'refused' }).end();
    await examineRelay(page, refuse, true, '/relay/genuin/loop-studio', 'Genuin');
    await expectCheck(page, text('doctor.relay_there'), 'passed');
    await expectCheck(page, text('doctor.unlisted_out'), 'passed');
    await expectCheck(page, text('doctor.key_relay'), 'untried', text('doctor.key_behind', { vendor: 'Genuin' }));
  });
});
