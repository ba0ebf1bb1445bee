// A second pair of eyes: asking for a review, deciding about it, and sending what was approved.
import { readFileSync } from 'node:fs';
import type { APIRequestContext, Browser } from '@playwright/test';
import { confirmWarnings } from './support/compose';
import { connect, go, openGroup } from './support/connect';
import { HOSTS } from './support/hosts';
import { expectSound } from './support/looks';
import { askForReview, change, changes, closeMade, compare, copyLink, declineAndApprove, openRequest, openReviews, profile, sign, trust } from './support/review';
import { BASES, makeGroup, scopesOf } from './support/sandbox';
import { markScopes, type Mark } from './support/scopes';
import { holdWrites, stored } from './support/stored';
import { expect, test, type Page, type Quiet } from './support/test';
import { text } from './support/text';

/** Marks changes in a new group, and asks for a review of them. */
async function ask(
  page: Page,
  request: APIRequestContext,
  { key, guid, connection }: { key: string; guid: string; connection?: string },
  marks: Mark[],
  asked = {},
): Promise<string> {
  await makeGroup(request, guid, GROUP);
  await connect(page, 'CometChat', { key, ...(connection ? { name: connection } : {}) });
  await openGroup(page, guid);
  await markScopes(page, marks);
  return askForReview(page, { name: 'Ana Author', ...asked });
}

/** A colleague with a connection of their own, who opens what was passed on and trusts the author. */
async function colleagueWith(browser: Browser, quiet: Quiet, key: string, passed: string): Promise<Page> {
  const page = await (await profile(browser, quiet)).newPage();
  await connect(page, 'CometChat', { key });
  await openRequest(page, passed);
  await trust(page);
  return page;
}

const GROUP = { admins: ['fan-001'], participants: ['fan-003', 'fan-004', 'fan-005'] };

test('a request is reviewed against what is true now, decided in part, sent, and comes back', async ({ page, browser, key, mark: guid, quiet, request }) => {
  const link = await ask(page, request, { key, guid }, [['fan-003', 'moderator'], ['fan-004', 'admin'], ['fan-005', 'moderator']], { why: 'New season' });
  expect(link).not.toContain(key);
  await expect.poll(() => scopesOf(request, guid)).toEqual({ 'fan-001': 'admin', 'fan-003': 'participant', 'fan-004': 'participant', 'fan-005': 'participant' });

  // Another moderator changes one of them meanwhile.
  const headers = { apikey: `maker-${guid}` };
  expect((await request.put(`${BASES.CometChat}/groups/${guid}/members/fan-005`, { headers, data: { scope: 'admin' } })).ok()).toBe(true);

  const colleague = await profile(browser, quiet);
  const other = await colleague.newPage();
  await connect(other, 'CometChat', { key: `other-${guid}` });
  await openRequest(other, link);
  expect(other.url()).not.toContain('#');
  await expect(other.getByRole('main')).toContainText('New season');
  await expect(other.getByRole('main')).toContainText(text('review.key_unknown', { name: 'Ana Author' }));
  const words = other.locator('.fingerprint-words').first();
  expect((await words.innerText()).split(/\s+/)).toHaveLength(8);
  await trust(other);
  await expect(other.getByRole('main')).not.toContainText(text('review.key_unknown', { name: 'Ana Author' }));
  await compare(other);
  // The dangerous ones first: fan-005 would lose the power that they have got meanwhile.
  await expect(changes(other).getByRole('rowheader')).toContainText(['fan-005', 'fan-004', 'fan-003']);
  await expect(change(other, 'fan-004')).toContainText(text('review.danger_admin'));
  await expect(change(other, 'fan-003')).toContainText(text('review.drift_as_planned'));
  await expect(change(other, 'fan-005')).toContainText(text('review.drift_changed'));
  await expectSound(other);

  await test.step('decide by keyboard', async () => {
    await changes(other).focus();
    await other.keyboard.press('j');
    await declineAndApprove(other, 'One admin is enough');
    await expect(other.getByRole('main')).toContainText(text('review.decided', { approved: '1', declined: '1', total: '3' }));
  });
  await sign(other, 2, 'Ben Reviewer');
  const back = await copyLink(other);

  await test.step('send what was approved', async () => {
    const send = other.getByRole('button', { name: text('review.run', { count: 1 }), exact: true });
    await confirmWarnings(other, send);
    await send.click();
    await expect(other).toHaveURL(/\/runs\/p[\w-]+$/);
    await expect.poll(async () => Object.values(await scopesOf(request, guid)).filter(scope => scope === 'moderator').length).toBe(1);
    expect((await scopesOf(request, guid))['fan-004']).toBe('participant');
  });

  await test.step('the author sees who decided what', async () => {
    await closeMade(page);
    await openRequest(page, back);
    await expect(page.getByRole('main')).toContainText('Ben Reviewer');
    await expect(page.getByRole('main')).toContainText(text('review.decision_of', { approved: '1', declined: '1' }));
    await expect(page.getByRole('main')).toContainText(text('review.key_unknown', { name: 'Ben Reviewer' }));
  });
  await colleague.close();
});

test('the author does not approve their own request', async ({ page, key, mark: guid, request }) => {
  const link = await ask(page, request, { key, guid }, [['fan-003', 'moderator']]);
  await closeMade(page);
  await openRequest(page, link);
  await compare(page);
  await page.getByRole('button', { name: text('review.approve_all'), exact: true }).click();
  await sign(page, 1);
  await expect(page.getByRole('main')).toContainText(text('review.none_approved'));
  await expect(page.getByRole('button', { name: text('review.run', { count: 1 }), exact: true })).toHaveCount(0);
});

test('a request for one app is not opened on another', async ({ page, key, mark: guid, request }) => {
  const link = await ask(page, request, { key, guid, connection: 'First' }, [['fan-003', 'moderator']]);
  await page.goto('/sandbox');
  await page.goto('/connections/new');
  await page.getByRole('radio', { name: 'CometChat' }).check();
  await page.getByLabel(text('connections.name'), { exact: true }).fill('Second');
  await page.getByLabel(text('connections.base_url')).fill('https://another-app.api-eu.cometchat.io/v3');
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
  await page.getByRole('button', { name: text('connections.add'), exact: true }).click();
  await openReviews(page);
  // Now everything is read that the page needs.
  await expect(page.getByRole('main')).toContainText(text('review.own_help'));
  const letWrite = await holdWrites(page, 'review');
  await openRequest(page, link);
  await page.getByRole('combobox', { name: text('runs.connection') }).selectOption('Second');
  await expect(page.getByRole('main')).toContainText(text('review.other_place'));
  // What was chosen before the request is kept lasts once its address is known.
  await expect(page).toHaveURL(/\/review\?connection=/);
  await letWrite();
  await expect(page).toHaveURL(/[?&]request=/);
  await expect(page.getByRole('main')).toContainText(text('review.other_place'));
  await expect(page.getByRole('button', { name: text('review.compare') })).toHaveCount(0);
});

test('a file that was changed, cut or is something else is not shown', async ({ page, key, mark: guid, request }) => {
  const link = await ask(page, request, { key, guid }, [['fan-003', 'moderator']]);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: text('review.save_file'), exact: true }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toMatch(/^muster-review-[\d-]+\.muster\.json$/);
  const file = readFileSync(await saved.path(), 'utf8');
  expect(file).not.toContain(key);
  expect(file).not.toMatch(/https?:/);
  await closeMade(page);

  const cases: [string, string][] = [
    [file.replace('fan-003', 'fan-004'), 'open_changed'],
    [file.replace('Ana Author', 'Ana Alien'), 'open_changed'],
    [link.slice(0, -40), 'open_cut'],
    [link.replace('#review=', '#other='), 'open_cut'],
    [file.replace('"format":1', '"format":9'), 'open_newer'],
    ['{"muster":"connections"}', 'open_other'],
    [`{"claims":[${' '.repeat(9_000_000)}]}`, 'open_large'],
  ];
  await openReviews(page);
  for (const [passed, said] of cases) {
    await page.getByLabel(text('review.paste'), { exact: true }).fill(passed);
    await page.getByRole('button', { name: text('review.open'), exact: true }).click();
    await expect(page.getByRole('main'), said).toContainText(text(`review.${said}`));
    await expect(page.getByRole('main')).not.toContainText('fan-00');
  }

  await test.step('as a file, by link, by drop and from the operating system', async () => {
    await page.getByLabel(text('review.file'), { exact: true }).setInputFiles({ name: 'a.muster.json', mimeType: 'application/json', buffer: Buffer.from(file) });
    await expect(page.getByRole('heading', { level: 1, name: text('review.request'), exact: true })).toBeVisible();
    await page.goto(link);
    await expect(page.getByRole('heading', { level: 1, name: text('review.request'), exact: true })).toBeVisible();
    await expect(page).toHaveURL(/\/review\?request=[0-9a-f]{64}$/);
    await page.goto('/review');
    const drop = await page.evaluateHandle(content => {
      const data = new DataTransfer();
      data.items.add(new File([content], 'a.muster.json', { type: 'application/json' }));
      return data;
    }, file);
    await page.locator('.dropzone').dispatchEvent('drop', { dataTransfer: drop });
    await expect(page).toHaveURL(/\/review\?request=[0-9a-f]{64}$/);
    // The operating system's part: a window opened with a file.
    await page.addInitScript(content => {
      const launch = { files: [{ getFile: async () => new File([content], 'a.muster.json') }] };
      Object.defineProperty(globalThis, 'launchQueue', { value: { setConsumer: (consumer: (launch: unknown) => void) => consumer(launch) } });
    }, file);
    await page.goto('/runs/open');
    await expect(page).toHaveURL(/\/review\?request=[0-9a-f]{64}$/);
  });
});

test('decisions survive a reload, and an edit makes a new request', async ({ page, browser, key, mark: guid, quiet, request }) => {
  const link = await ask(page, request, { key, guid }, [['fan-003', 'moderator'], ['fan-004', 'admin']]);

  const other = await colleagueWith(browser, quiet, `other-${guid}`, link);
  await compare(other);
  await changes(other).focus();
  await other.keyboard.press('n');
  // The field has the focus with the next frame.
  await expect(other.getByLabel(text('review.comment'), { exact: true })).toBeFocused();
  await other.keyboard.type('Not now');
  await expect.poll(() => stored(other)).toContain('Not now');
  await other.reload();
  await other.getByLabel(text('connections.api_key'), { exact: true }).fill(`other-${guid}`);
  await other.getByRole('button', { name: text('connections.use_key'), exact: true }).click();
  await compare(other);
  await expect(change(other, 'fan-004')).toContainText(text('review.declined'));
  await expect(other.getByLabel(text('review.comment'), { exact: true })).toHaveValue('Not now');

  await other.getByRole('button', { name: text('review.edit', { count: 1 }), exact: true }).click();
  const dialog = other.getByRole('dialog', { name: text('review.ask_title') });
  await dialog.getByLabel(text('review.name'), { exact: true }).fill('Ben Reviewer');
  await dialog.getByRole('button', { name: text('review.make'), exact: true }).click();
  await other.getByRole('dialog', { name: text('review.made_title') }).getByRole('link', { name: text('review.open_own') }).click();
  await expect(other.getByRole('link', { name: text('review.replaces_earlier') })).toBeVisible();
  await expect(other.getByRole('main')).toContainText(text('review.n_changes', { count: 1 }));
  await other.context().close();
});

test('names are declared, keys are withdrawn, and requests are deleted', async ({ page, key, mark: guid, request }) => {
  await makeGroup(request, guid, GROUP);
  await connect(page, 'CometChat', { key });
  await openReviews(page);
  await expect(page.getByRole('main')).toContainText(text('review.empty'));
  const own = page.getByRole('region', { name: text('review.own_title') });
  await own.getByRole('button', { name: text('review.declare') }).click();
  await expect(own).toContainText(text('review.name_empty'));
  await own.getByLabel(text('review.name'), { exact: true }).fill('Ana Author');
  await own.getByRole('button', { name: text('review.declare') }).click();
  await expect(own).toContainText('Ana Author');
  await expectSound(page);
  await page.reload();
  await expect(own).toContainText('Ana Author');
});

test('an expired request stays expired, also if the clock is set back', async ({ page, browser, key, mark: guid, quiet, request }) => {
  const link = await ask(page, request, { key, guid }, [['fan-003', 'moderator']]);

  const colleague = await profile(browser, quiet);
  const other = await colleague.newPage();
  const day = 24 * 60 * 60 * 1_000;
  const now = Date.now();
  await other.clock.setFixedTime(now + 8 * day);
  await other.goto(link);
  const main = other.getByRole('main');
  await expect(main).toContainText(/Expired /);
  // It is kept from here on, and the time with it.
  await expect(other).toHaveURL(/\/review\?request=\w+$/);
  await other.clock.setFixedTime(now);
  await other.reload();
  await expect(main).toContainText(/Expired /);
  await expect(main).toContainText(text('review.clock_back'));
  await main.getByRole('button', { name: text('review.clock_reset') }).click();
  await expect(main).not.toContainText(/Expired /);
  await expect(main).not.toContainText(text('review.clock_back'));
  await colleague.close();
});

test('a link to another page leaves the fragment alone', async ({ page, key, mark: guid, request }) => {
  const link = await ask(page, request, { key, guid }, [['fan-003', 'moderator']]);
  await page.goto(link.replace('/review#', '/settings#'));
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
  await expect(page.getByRole('main')).not.toContainText('Ana Author');
  await page.goto('/review#other=1');
  await expect(page.getByRole('heading', { level: 1, name: text('review.title') })).toBeVisible();
});

test('a second device is confirmed by the first, and colleagues trust both', async ({ page, browser, key, mark: guid, quiet, request }) => {
  const link = await ask(page, request, { key, guid }, [['fan-003', 'moderator']]);
  await closeMade(page);

  const contexts = [await profile(browser, quiet), await profile(browser, quiet)];
  const [second, colleague] = [await contexts[0]!.newPage(), await contexts[1]!.newPage()];
  await second.goto(link);
  await trust(second);
  await second.goto('/review');
  const own = second.getByRole('region', { name: text('review.own_title') });
  await own.getByLabel(text('review.name'), { exact: true }).fill('Ana at home');
  await own.getByRole('button', { name: text('review.declare') }).click();
  await expect(own).toContainText('Ana at home');
  const claim = await handOver(second, text('review.second_claim'));

  await openReviews(page);
  await pasteOfOther(page, claim);
  await expect(page.getByRole('main')).toContainText(text('review.second_compare', { name: 'Ana at home' }));
  const answer = await handOver(page, text('review.second_confirm'));
  await pasteOfOther(second, answer);
  await expect(second.getByRole('main')).toContainText(text('review.second_done'));

  // The colleague trusts the first device, then opens what the second has signed.
  await colleague.goto(link);
  await trust(colleague);
  await connect(second, 'CometChat', { key: `second-${guid}` });
  await openGroup(second, guid);
  await markScopes(second, [['fan-004', 'moderator']]);
  const other = await askForReview(second, {});
  await colleague.goto(other);
  await expect(colleague.getByRole('main')).toContainText('Ana at home');
  await expect(colleague.getByRole('main')).toContainText(/Key of Ana Author, trusted since/);
  for (const context of contexts) await context.close();
});

/** Presses a button that gives a text for another device, and returns the text. */
async function handOver(page: Page, button: string): Promise<string> {
  await openSecond(page);
  await page.getByRole('button', { name: button, exact: true }).click();
  const code = page.getByRole('region', { name: text('review.second_code') });
  await expect(code).toContainText('"signature"');
  return (await code.textContent()) ?? '';
}

/** Pastes the text of another device. */
async function pasteOfOther(page: Page, pasted: string) {
  await openSecond(page);
  await page.getByLabel(text('review.second_paste'), { exact: true }).fill(pasted);
  await page.getByRole('button', { name: text('review.second_open'), exact: true }).click();
}

test('what changes between the decision and its sending is not sent', async ({ page, browser, key, mark: guid, quiet, request }) => {
  const link = await ask(page, request, { key, guid }, [['fan-003', 'moderator'], ['fan-004', 'moderator']]);

  const other = await colleagueWith(browser, quiet, `other-${guid}`, link);
  await compare(other);
  await other.getByRole('button', { name: text('review.approve_all'), exact: true }).click();
  await sign(other, 2, 'Ben Reviewer');
  const send = other.getByRole('button', { name: text('review.run', { count: 2 }), exact: true });
  await confirmWarnings(other, send);
  // Another moderator acts in between.
  const headers = { apikey: `maker-${guid}` };
  expect((await request.put(`${BASES.CometChat}/groups/${guid}/members/fan-004`, { headers, data: { scope: 'admin' } })).ok()).toBe(true);
  await send.click();
  await expect(other).toHaveURL(/\/runs\/p[\w-]+$/);
  await expect(other.getByRole('main')).toContainText(text('results.changed_scope', { scope: text('common.scope_admin') }));
  await expect.poll(async () => (await scopesOf(request, guid))['fan-004']).toBe('admin');
  await other.context().close();
});

async function openSecond(page: Page) {
  const more = page.getByRole('button', { name: text('review.second_title'), exact: true });
  if ((await more.getAttribute('aria-expanded')) === 'false') await more.click();
}

test('three people draft, review and run, and their ledgers say the same', async ({ page, browser, key, mark: guid, quiet, request }) => {
  const link = await ask(page, request, { key, guid }, [['fan-003', 'moderator'], ['fan-004', 'moderator'], ['fan-005', 'moderator']], { why: 'New season' });
  await closeMade(page);

  const contexts = [await profile(browser, quiet), await profile(browser, quiet)];
  const [ben, cleo] = [await contexts[0]!.newPage(), await contexts[1]!.newPage()];
  await connect(ben, 'CometChat', { key: `ben-${guid}` });
  await openRequest(ben, link);
  await trust(ben);
  await compare(ben);
  await ben.getByRole('button', { name: text('review.approve_all'), exact: true }).click();
  await change(ben, 'fan-005').click();
  await ben.getByRole('button', { name: text('review.decline'), exact: true }).click();
  await ben.getByLabel(text('review.comment'), { exact: true }).fill('Two are enough');
  await sign(ben, 3, 'Ben Reviewer');
  const decided = await copyLink(ben);

  await test.step('the third runs what was approved', async () => {
    await connect(cleo, 'CometChat', { key: `cleo-${guid}` });
    await openReviews(cleo);
    const own = cleo.getByRole('region', { name: text('review.own_title') });
    await own.getByLabel(text('review.name'), { exact: true }).fill('Cleo Runner');
    await own.getByRole('button', { name: text('review.declare') }).click();
    await expect(own).toContainText('Cleo Runner');
    await openRequest(cleo, decided);
    await expect(cleo.getByRole('main')).toContainText(text('review.uncounted_unknown'));
    await trust(cleo);
    await trust(cleo);
    await expect(cleo.getByRole('main')).not.toContainText(text('review.uncounted_unknown'));
    await compare(cleo);
    await change(cleo, 'fan-005').click();
    await expect(cleo.getByRole('main')).toContainText('Two are enough');
    const send = cleo.getByRole('button', { name: text('review.run', { count: 2 }), exact: true });
    await confirmWarnings(cleo, send);
    await send.click();
    await expect(cleo).toHaveURL(/\/runs\/p[\w-]+$/);
    await expect.poll(() => scopesOf(request, guid)).toEqual({
      'fan-001': 'admin', 'fan-003': 'moderator', 'fan-004': 'moderator', 'fan-005': 'participant',
    });
  });

  await test.step('the receipt comes back to the author', async () => {
    const receipt = await saved(cleo, text('run.download_json'));
    expect(receipt).not.toContain(`cleo-${guid}`);
    await page.goto('/runs/open');
    await page.locator('input[type=file]').setInputFiles({ name: 'receipt.json', mimeType: 'application/json', buffer: Buffer.from(receipt) });
    await expect(page.getByRole('main')).toContainText(text('runs.n_rows', { count: 2 }));
  });

  await test.step('the ledger of the third names request and approvals, and is merged by the author', async () => {
    await go(cleo, 'activity');
    await expect(cleo.getByText(text('ledger.fits', { count: 3 }), { exact: true })).toBeVisible();
    const ledger = await saved(cleo, text('ledger.export_lines'));
    const changed = ledger.trimEnd().split('\n').map(line => JSON.parse(line)).filter(line => line.entry?.event?.changed);
    expect(changed).toHaveLength(2);
    for (const { entry } of changed) {
      expect(entry.event.changed.why).toBe('New season');
      expect(entry.event.changed.request).toMatch(/^[0-9a-f]{64}$/);
      expect(entry.event.changed.decisions).toHaveLength(1);
    }
    await go(page, 'activity');
    await expect(page.getByText(text('ledger.fits', { count: 1 }), { exact: true })).toBeVisible();
    await page.getByRole('button', { name: text('ledger.import'), exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=file]').setInputFiles({ name: 'cleo.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(ledger) });
    await dialog.getByRole('button', { name: text('ledger.trust') }).click();
    await expect(page.getByText(text('ledger.joined', { names: 'Cleo Runner' }))).toBeVisible();
    await expect(page.getByRole('grid', { name: text('activity.entries') }).getByRole('rowheader')).toHaveCount(4);
  });

  await test.step('half is undone, and the ledger still fits', async () => {
    await cleo.getByRole('link', { name: text('shell.runs') }).first().click();
    await cleo.getByRole('main').getByRole('listitem').first().getByRole('link').first().click();
    await cleo.getByRole('main').getByRole('link', { name: text('undo.title'), exact: true }).click();
    const row = cleo.getByRole('grid', { name: text('undo.rows') }).getByRole('row').filter({ hasText: 'fan-004' });
    await row.getByRole('checkbox').uncheck();
    await cleo.getByRole('button', { name: text('undo.send', { count: 1 }), exact: true }).click();
    await expect.poll(async () => (await scopesOf(request, guid))['fan-003']).toBe('participant');
    await go(cleo, 'activity');
    await expect(cleo.getByText(text('ledger.fits', { count: 5 }), { exact: true })).toBeVisible();
  });
  for (const context of contexts) await context.close();
});

test.describe('where the operator asks for approvals', () => {
  test.use({ baseURL: HOSTS.reviewed });

  test('a form sends what needs none, and the rest after a review', async ({ page, browser, key, mark: guid, quiet, request }) => {
    await makeGroup(request, guid, GROUP);
    await connect(page, 'CometChat', { key });
    await openGroup(page, guid);
    await markScopes(page, [['fan-003', 'moderator'], ['fan-004', 'admin']]);
    const send = page.getByRole('button', { name: text('scopes.send', { count: 2 }), exact: true });
    await expect(send).toHaveAccessibleDescription(text('review.needs_approval', { count: 1 }));
    await expect(send).toHaveAttribute('aria-disabled', 'true');
    await page.getByRole('button', { name: text('review.ask'), exact: true }).click();
    const dialog = page.getByRole('dialog', { name: text('review.ask_title') });
    await expect(dialog).toContainText(text('review.counts_hours', { count: 12 }));
    await dialog.getByRole('button', { name: text('ui.cancel'), exact: true }).click();
    const link = await askForReview(page, { name: 'Ana Author' });

    const other = await colleagueWith(browser, quiet, `other-${guid}`, link);
    await compare(other);
    await other.getByRole('button', { name: text('review.approve_all'), exact: true }).click();
    await sign(other, 2, 'Ben Reviewer');
    const run = other.getByRole('button', { name: text('review.run', { count: 2 }), exact: true });
    await confirmWarnings(other, run);
    await run.click();
    await expect.poll(() => scopesOf(request, guid)).toMatchObject({ 'fan-003': 'moderator', 'fan-004': 'admin' });
    await other.context().close();
  });
});

/** Presses a button that saves a file, and returns what is in it. */
async function saved(page: Page, name: string): Promise<string> {
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name, exact: true }).click();
  return readFileSync(await (await saving).path(), 'utf8');
}
