// Dependent state: a key follows its vendor and host, the preview follows the current run, words follow the
// outcome.
import type { APIRequestContext } from '@playwright/test';
import { expect, test, type Page } from './support/test';
import { addMore, pastePeople, pickGroup, row, send, sendButton } from './support/compose';
import { connect, fillConnection, section } from './support/connect';
import { BASES, SANDBOX, SPARE, citizens, hold, makeGroup, scopesOf, type VendorName } from './support/sandbox';
import { literally, text } from './support/text';

const field = (page: Page, key: string) => page.getByLabel(text(`connections.${key}`), { exact: true });
const address = (page: Page) => page.getByLabel(text('connections.base_url'));
const toggle = (page: Page) => page.getByRole('button', { name: text('connections.use_sandbox') });
const choose = (page: Page, vendor: VendorName) => page.getByRole('radio', { name: vendor }).check();
const add = (page: Page) => page.getByRole('button', { name: text('connections.add'), exact: true });

/** Sends 27 people in two calls of which the first is held: the vendor has executed it, and the second waits for its
 * response. Returns what releases it. */
async function sendFirstOfTwo(page: Page, request: APIRequestContext, to: { key: string; mark: string; people: string[] }) {
  await makeGroup(request, to.mark);
  const release = await hold(request, to.mark, to.people[0]);
  await connect(page, 'CometChat', { key: to.key });
  await section(page, 'add');
  await pickGroup(page, to.mark);
  await pastePeople(page, to.people.join('\n'));
  const preview = page.getByRole('complementary', { name: text('plan.before') });
  await expect(preview).toContainText(text('plan.to_send', { count: to.people.length }));
  await send(page);
  await expect.poll(async () => Object.keys(await scopesOf(request, to.mark)).length).toBe(25);
  return release;
}

test('a key goes when another vendor is chosen, and so do the sandbox’s name and key', async ({ page, key }) => {
  await page.goto('/connections/new');
  await choose(page, 'CometChat');
  await field(page, 'api_key').fill(key);
  await page.getByLabel(text('connections.acting_as')).fill('cap-admin');
  await choose(page, 'Networked');
  await expect(address(page)).toHaveValue('https://backend.networked.co');
  await expect(field(page, 'api_key')).toHaveValue('');
  await choose(page, 'CometChat');
  await expect(field(page, 'api_key')).toHaveValue('');
  await expect(page.getByLabel(text('connections.acting_as'))).toHaveValue('cap-admin');

  for (const [from, to] of [['CometChat', 'Networked'], ['Networked', 'Genuin'], ['Genuin', 'CometChat']] as const) {
    await choose(page, from);
    await toggle(page).click();
    await expect(field(page, 'name')).toHaveValue(text('connections.sandbox_name', { vendor: from }));
    await choose(page, to);
    await expect(toggle(page)).toHaveAttribute('aria-pressed', 'false');
    await expect(field(page, 'name')).toHaveValue('');
    await expect(field(page, 'api_key')).toHaveValue('');
    await expect(address(page)).not.toHaveValue(literally(SANDBOX));
  }
});

test('the sandbox is switched to and back, and what was typed on either side is there again', async ({ page, key }) => {
  await page.goto('/connections/new');
  await choose(page, 'Networked');
  await field(page, 'name').fill('Production');
  await field(page, 'api_key').fill(key);
  await toggle(page).click();
  await expect(toggle(page)).toHaveAttribute('aria-pressed', 'true');
  await expect(address(page)).toHaveValue(BASES.Networked);
  await expect(field(page, 'api_key')).not.toHaveValue(key);
  await field(page, 'name').fill('A trial');
  await toggle(page).click();
  await expect(address(page)).toHaveValue('https://backend.networked.co');
  await expect(field(page, 'name')).toHaveValue('Production');
  await expect(field(page, 'api_key')).toHaveValue(key);
  await toggle(page).click();
  await expect(address(page)).toHaveValue(BASES.Networked);
  await expect(field(page, 'name')).toHaveValue('A trial');
});

test('a key that was typed for one host is not sent to another', async ({ page, key, quiet }) => {
  quiet.lost();
  const sent: string[] = [];
  page.on('request', request => {
    if (request.url().startsWith(SPARE)) sent.push(JSON.stringify(request.headers()));
  });
  await fillConnection(page, 'CometChat', { key });
  await address(page).fill(`${SPARE}/v3`);
  const words = text('connections.key_elsewhere', { typed_for: SANDBOX, leads_to: SPARE });
  await expect(field(page, 'api_key')).toHaveAccessibleDescription(literally(words));
  // Neither switching to the sandbox and back nor saving makes the key valid for that host.
  await toggle(page).click();
  await toggle(page).click();
  await address(page).fill(`${SPARE}/v3`);
  await add(page).click();
  await expect(page).toHaveURL(/connections\/new$/);
  await page.getByRole('button', { name: text('connections.examine') }).click();
  await expect(page.getByRole('region', { name: text('connections.doctor') })).toContainText(text('doctor.host_dead'));
  expect(sent.filter(headers => headers.includes(key))).toEqual([]);
  await field(page, 'api_key').fill(key);
  await add(page).click();
  await expect(page.getByRole('heading', { level: 1, name: text('members.title') })).toBeVisible();
});

test('the sandbox’s name and key go when the address is led elsewhere by hand', async ({ page }) => {
  await page.goto('/connections/new');
  await choose(page, 'CometChat');
  await toggle(page).click();
  await address(page).fill('https://app.api-us.cometchat.io/v3');
  await expect(field(page, 'api_key')).toHaveValue('');
  await expect(field(page, 'name')).toHaveValue('');
  await expect(toggle(page)).toHaveAttribute('aria-pressed', 'false');
});

const MEANT: [VendorName, string, string][] = [
  ['CometChat', SANDBOX, BASES.CometChat],
  ['CometChat', `${SANDBOX}/networked`, BASES.CometChat],
  ['Networked', `${SANDBOX}/`, BASES.Networked],
  ['Genuin', SANDBOX, BASES.Genuin],
  ['Networked', BASES.Networked.replace('127.0.0.1', 'localhost'), BASES.Networked],
  ['CometChat', SANDBOX.replace('127.0.0.1', '[::1]'), BASES.CometChat],
  ['CometChat', 'https://app.api-us.cometchat.io', 'https://app.api-us.cometchat.io/v3'],
  ['Networked', 'https://backend.networked.co/api/v1', 'https://backend.networked.co'],
];

test('an address without its path, or by another name of this machine, is answered with the one that was meant', async ({ page, key }) => {
  for (const [vendor, typed, meant] of MEANT) {
    await test.step(`${vendor}: ${typed}`, async () => {
      await fillConnection(page, vendor, { key });
      await address(page).fill(typed);
      await add(page).click();
      await expect(page).toHaveURL(/connections\/new$/);
      await expect(address(page)).toHaveAttribute('aria-invalid', 'true');
      await page.getByRole('button', { name: text('connections.meant_use', { url: meant }), exact: true }).click();
      await expect(address(page)).toHaveValue(meant);
      await expect(address(page)).not.toHaveAttribute('aria-invalid', 'true');
    });
  }
});

test('a relay without a path is answered with the path of a connection', async ({ page }) => {
  await page.goto('/connections/new');
  await choose(page, 'CometChat');
  await page.getByRole('radio', { name: text('connections.relay') }).check();
  await field(page, 'name').fill('Fans');
  await address(page).fill('/relay');
  const url = '/relay/cometchat/fans/v3';
  await expect(page.getByText(text('connections.meant_relay', { url }))).toBeVisible();
  await page.getByRole('button', { name: text('connections.meant_use', { url }), exact: true }).click();
  await expect(address(page)).toHaveValue(url);
});

test('a read without an answer says nothing of what may have been sent', async ({ page, key, quiet }) => {
  quiet.lost();
  await fillConnection(page, 'Networked', { key });
  await address(page).fill(`${SPARE}/networked`);
  await field(page, 'api_key').fill(key);
  await add(page).click();
  await expect(page.getByRole('main')).toContainText(text('errors.console.net_unreachable.meaning'));
  await expect(page.getByRole('main')).not.toContainText(text('errors.console.net_unreachable.sent'));
  await expect(page.getByRole('main')).not.toContainText('may have');
});

test('the preview says so while a run sends the same people, and is made anew when it has ended', async ({ page, key, mark, request }) => {
  test.slow();
  const people = citizens(27);
  const release = await sendFirstOfTwo(page, request, { key, mark, people });
  const preview = page.getByRole('complementary', { name: text('plan.before') });
  await addMore(page);
  const nobody = page.getByRole('button', { name: text('add.button_add_none'), exact: true });
  await expect(nobody).toBeVisible();
  await pastePeople(page, people.slice(25).join('\n'));
  await expect(preview).toContainText(text('plan.under_way', { count: 2 }));
  await expect(preview).not.toContainText(text('plan.to_send', { count: 2 }));
  // A new form reads the group, where the first ones are members already.
  await section(page, 'members');
  await section(page, 'add');
  await page.getByRole('button', { name: text('unsent.discard') }).click();
  await pickGroup(page, mark);
  await pastePeople(page, people.slice(0, 2).join('\n'));
  await expect(preview).toContainText(text('plan.same_already', { count: 2 }));
  await expect(preview).not.toContainText(text('plan.to_send', { count: 2 }));
  await expect(nobody).toHaveAttribute('aria-disabled', 'true');
  await release();
});

test('who is left in a paused run is not sent by another one', async ({ page, key, mark, request }) => {
  test.slow();
  const people = citizens(27);
  const release = await sendFirstOfTwo(page, request, { key, mark, people });
  await page.getByRole('link', { name: text('results.open_run') }).first().click();
  await page.getByRole('button', { name: text('run.pause'), exact: true }).click();
  await release();
  await expect(page.getByRole('button', { name: text('run.go_on'), exact: true })).toBeVisible();
  await page.goBack();
  await pickGroup(page, mark);
  await pastePeople(page, people[26]);
  const preview = page.getByRole('complementary', { name: text('plan.before') });
  await expect(preview).toContainText(text('plan.under_way', { count: 1 }));
  await expect(sendButton(page)).toHaveAccessibleDescription(text('plan.under_way_wait'));
});

test('“You can leave this page” is said of a run that goes on, and not of one that is paused', async ({ page, key, mark, request }) => {
  test.slow();
  await makeGroup(request, mark);
  const release = await hold(request, mark, 'fan-003');
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'fan-003\nfan-001\nfan-002');
  await send(page);
  const main = page.getByRole('main');
  await expect(main).toContainText(text('run.leave'));
  await release();
  await expect(row(page, 'fan-003')).toContainText(text('results.done'));
  await expect(main).not.toContainText(text('run.leave'));
});
