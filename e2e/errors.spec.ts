// Every sentinel that makes the sandbox fail, tried on the screen where a user would meet it.
import { expect, test, type Page, type Quiet } from './support/test';
import { connect, fillConnection, groupAction, openGroup, section } from './support/connect';
import { addMore, confirmWarnings, expectRow, pastePeople, peopleBox, pickGroup, row, send } from './support/compose';
import { FAULTS, meaningOf, verdictOf, type Ending } from './support/errors';
import { makeGroup, sentinels, type Sentinel } from './support/sandbox';
import { scopeCell, text } from './support/text';

// Loops over many values are `slow`: on a busy machine they may exceed the limit of one test.

/** Slow faults, which have their own tests. */
const SLOW = ['429+retry-after', '429', 'hang', 'cut', 'slow'];

/**
 * CometChat codes that adding people never returns: they need a scope, a ban, a group, or a call that no
 * screen makes.
 */
const NOT_IN_ADDING = [
  'ERR_SAME_SCOPE', 'ERR_MEMBER_SCOPE_CHANGE_FAILED', 'ERR_GROUP_NO_SCOPE_CLEARANCE', 'ERR_NOT_A_MEMBER',
  'ERR_MEMBER_DELETE_FAILED', 'ERR_GROUP_NO_CLEARANCE', 'ERR_GROUP_NO_SELF_ACTION', 'ERR_NOT_A_BANNED_USER',
  'ERR_MEMBER_UNBAN_FAILED', 'ERR_ALREADY_BANNED', 'ERR_MEMBER_BAN_FAILED', 'ERR_EMPTY_GROUP_PASS',
  'ERR_GROUP_DELETE_FAILED', 'ERR_GUID_ALREADY_EXISTS', 'ERR_UID_ALREADY_EXISTS', 'ERR_INVALID_UID',
  'ERR_UID_DELETE_FAILED', 'ERR_ROLE_NOT_FOUND',
];

function expectAnyFailure(quiet: Quiet) {
  quiet.statuses(400, 401, 403, 404, 408, 409, 412, 429, 500, 552);
  quiet.lost();
}

/** Expects a person's ending: an outcome, or waiting for a key until the run is stopped. */
async function expectEnd(page: Page, label: string, ending: Ending, ...words: string[]) {
  const stop = page.getByRole('button', { name: text('results.stop') });
  await expect(row(page, label)).toBeVisible();
  if (ending !== 'asked') {
    await expect(stop).toHaveCount(0);
    return expectRow(page, label, ending, ...words);
  }
  const main = page.getByRole('main');
  await expect(main).toContainText(text('run.now_key', { count: 0, total: 1 }));
  for (const word of words) await expect(main).toContainText(word);
  await expect(row(page, label)).toContainText(text('results.waiting_word'));
  await stop.click();
  await expectRow(page, label, 'not_sent', text('errors.console.console_stopped.meaning'));
}

/** Faults that lose the response to a completed call: CometChat can be asked for the members. */
const READ_BACK = ['lost-answer', 'truncated', 'empty-body'];

/** Leads back to the form and empties it. */
async function emptyBox(page: Page) {
  await addMore(page);
  const left = page.getByRole('list', { name: text('add.recognised') }).getByRole('button');
  while ((await left.count()) > 0) await left.first().click();
  await expect(peopleBox(page)).toBeVisible();
}

/** Advances the page's clock so that Genuin can be called again: once a second, 30 times a minute. */
async function passGenuinsPace(page: Page) {
  await page.clock.fastForward(2_100);
}

/** Advances the page's clock until something is visible, so that the console's waits take no time. */
async function hurryUntil(page: Page, step: number, seen: () => Promise<void>) {
  await expect(async () => {
    await page.clock.fastForward(step);
    await seen();
  }).toPass({ timeout: 120_000 });
}

function promised(vendor: 'genuin' | 'cometchat', sentinel: Sentinel) {
  const fault = FAULTS[sentinel.provokes];
  return {
    verdict: fault ? fault[0] : verdictOf(vendor, sentinel.provokes),
    words: fault ? fault[1] : meaningOf(vendor, sentinel.provokes),
  };
}

for (const part of [0, 1, 2]) {
  test(`CometChat: every uid that makes adding fail, part ${part + 1} of 3`, async ({ page, key, mark, request, quiet }) => {
    test.slow();
    expectAnyFailure(quiet);
    await makeGroup(request, mark);
    const all = (await sentinels(request)).filter(({ vendor, place, provokes }) =>
      vendor === 'cometchat' && place === 'uid' && !SLOW.includes(provokes) && !NOT_IN_ADDING.includes(provokes) && provokes !== 'ERR_TOO_MANY_REQUESTS')
      // A member already, with another scope, which reading back reveals: see standing.spec.ts.
      .filter(({ value }) => value !== 'joined-otherwise');
    const mine = all.filter((_, idx) => idx % 3 === part);
    expect(mine.length).toBeGreaterThan(8);
    await connect(page, 'CometChat', { key });
    await section(page, 'add');
    await pickGroup(page, mark);
    for (const sentinel of mine) {
      await test.step(`${sentinel.value}: ${sentinel.provokes}`, async () => {
        await pastePeople(page, sentinel.value);
        await send(page);
        const { verdict, words } = READ_BACK.includes(sentinel.provokes)
          ? { verdict: 'done' as const, words: text('results.found_reason', { vendor: 'CometChat' }) }
          : promised('cometchat', sentinel);
        await expectEnd(page, sentinel.value, verdict, ...(words ? [words] : []));
        await emptyBox(page);
      });
    }
  });
}

test('CometChat: every uid that fails a change of scope, a removal or a ban', async ({ page, key, mark: guid, request, quiet }) => {
  test.slow();
  expectAnyFailure(quiet);
  const changes: [string, string, 'moderator' | 'not_in_group' | 'banned'][] = [
    ['same-scope', 'ERR_SAME_SCOPE', 'moderator'],
    ['member-scope-change-failed', 'ERR_MEMBER_SCOPE_CHANGE_FAILED', 'moderator'],
    ['group-no-scope-clearance', 'ERR_GROUP_NO_SCOPE_CLEARANCE', 'moderator'],
    ['group-no-clearance', 'ERR_GROUP_NO_CLEARANCE', 'moderator'],
    ['group-no-self-action', 'ERR_GROUP_NO_SELF_ACTION', 'not_in_group'],
    ['member-delete-failed', 'ERR_MEMBER_DELETE_FAILED', 'not_in_group'],
    ['already-banned', 'ERR_ALREADY_BANNED', 'banned'],
    ['member-ban-failed', 'ERR_MEMBER_BAN_FAILED', 'banned'],
    ['not-a-member', 'ERR_NOT_A_MEMBER', 'banned'],
    ['not-a-banned-user', 'ERR_NOT_A_BANNED_USER', 'not_in_group'],
    ['member-unban-failed', 'ERR_MEMBER_UNBAN_FAILED', 'not_in_group'],
  ];
  const banned = ['not-a-banned-user', 'member-unban-failed'];
  const members = changes.map(([uid]) => uid).filter(uid => !banned.includes(uid));
  await makeGroup(request, guid, { participants: members, usersToBan: banned });
  await connect(page, 'CometChat', { key });
  await openGroup(page, guid);
  for (const [uid, , place] of changes) {
    const cell = page.getByRole('radio', { name: scopeCell(`Sentinel ${uid}`, place), exact: true });
    await cell.click();
    await expect(cell).toBeChecked();
  }
  await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
  const review = page.getByRole('complementary', { name: text('scopes.review_title', { count: changes.length }) });
  const sendThem = review.getByRole('button', { name: text('scopes.send', { count: changes.length }) });
  await confirmWarnings(review, sendThem);
  await sendThem.click();
  for (const [uid, code] of changes) {
    await expectEnd(page, `Sentinel ${uid}`, verdictOf('cometchat', code), meaningOf('cometchat', code));
  }
});

test('CometChat: every group id that cannot be read says why, before anything is sent', async ({ page, key, request, quiet }) => {
  expectAnyFailure(quiet);
  const all = (await sentinels(request)).filter(({ vendor, place, provokes }) =>
    vendor === 'cometchat' && place === 'group id' && !SLOW.includes(provokes) && !NOT_IN_ADDING.includes(provokes)
    && !['lost-answer', 'ERR_TOO_MANY_REQUESTS'].includes(provokes));
  expect(all.length).toBeGreaterThan(4);
  await page.clock.install();
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  for (const sentinel of all) {
    await test.step(`${sentinel.value}: ${sentinel.provokes}`, async () => {
      await pickGroup(page, sentinel.value);
      const { words } = promised('cometchat', sentinel);
      const said = words ? page.getByRole('main').getByText(words).first() : page.getByRole('button', { name: text('ui.try_again') });
      await hurryUntil(page, 1500, () => expect(said).toBeVisible({ timeout: 300 }));
    });
  }
});

test('CometChat: a group that cannot be created, and one that cannot be deleted', async ({ page, key, quiet }) => {
  expectAnyFailure(quiet);
  await connect(page, 'CometChat', { key });
  await section(page, 'groups');
  await page.getByRole('link', { name: text('groups.new_group') }).click();
  await page.getByLabel(text('groups.name')).fill('No password');
  await page.getByLabel(text('groups.id'), { exact: true }).fill('empty-group-pass');
  await page.getByRole('button', { name: text('groups.create'), exact: true }).click();
  await expectEnd(page, 'No password', verdictOf('cometchat', 'ERR_EMPTY_GROUP_PASS'), meaningOf('cometchat', 'ERR_EMPTY_GROUP_PASS'));

  await openGroup(page, 'group-delete-failed');
  await groupAction(page, 'delete');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(text('groups.delete_type')).fill('group-delete-failed');
  await dialog.getByRole('button', { name: text('groups.delete_now') }).click();
  const results = page.getByRole('listitem').filter({ hasText: meaningOf('cometchat', 'ERR_GROUP_DELETE_FAILED') });
  await expect(results).toContainText(text(`results.${verdictOf('cometchat', 'ERR_GROUP_DELETE_FAILED')}`));
});

for (const code of ['ERR_GROUP_NOT_JOINED', 'ERR_GROUP_NO_ADMIN_SCOPE', 'ERR_PERMISSION_DENIED']) {
  test(`CometChat: acting as somebody who may not: ${code}`, async ({ page, key, mark, request, quiet }) => {
    expectAnyFailure(quiet);
    await makeGroup(request, mark);
    const acting = (await sentinels(request)).find(({ place, provokes }) => place === 'acting uid' && provokes === code);
    await connect(page, 'CometChat', { key, actingAs: acting?.value ?? '' });
    await section(page, 'add');
    await pickGroup(page, mark);
    await expect(page.getByRole('main').getByText(meaningOf('cometchat', code)).first()).toBeVisible();
  });
}

test('Genuin: every chat id that makes adding to a group fail', async ({ page, key, request, quiet }) => {
  test.slow();
  expectAnyFailure(quiet);
  const all = (await sentinels(request)).filter(({ vendor, place, provokes }) =>
    vendor === 'genuin' && place === 'chat id' && !SLOW.includes(provokes));
  expect(all.length).toBeGreaterThan(10);
  await page.clock.install();
  await connect(page, 'Genuin', { key });
  const person = '30000000-0000-4000-8000-000000000090';
  for (const { value, provokes, ...rest } of all) {
    await test.step(`${value}: ${provokes}`, async () => {
      await section(page, 'groups');
      await page.getByLabel(text('groups.open_id')).fill(value);
      await page.getByRole('button', { name: text('groups.open'), exact: true }).click();
      const box = page.getByRole('textbox', { name: new RegExp(`^${text('groups.box_add')}`) });
      await box.fill(person);
      await box.press('Enter');
      await passGenuinsPace(page);
      await page.getByRole('button', { name: text('scopes.send', { count: 1 }) }).click();
      const { verdict, words } = promised('genuin', { value, provokes, ...rest });
      await expectEnd(page, person, verdict, ...(words ? [words] : []));
    });
  }
});

for (const place of ['user id', 'phone', 'community id'] as const) {
  test(`Genuin: every ${place} that makes adding fail`, async ({ page, key, request, quiet }) => {
    test.slow();
    expectAnyFailure(quiet);
    const all = (await sentinels(request)).filter(sentinel =>
      sentinel.vendor === 'genuin' && sentinel.place === place && !SLOW.includes(sentinel.provokes));
    expect(all.length).toBeGreaterThan(10);
    await page.clock.install();
    await connect(page, 'Genuin', { key });
    await section(page, 'add');
    // A different person each: a member of a community is not listed again.
    if (place === 'user id') await pickGroup(page, '10000000-0000-4000-8000-000000000001', 'community');
    if (place === 'phone') await pickGroup(page, '10000000-0000-4000-8000-000000000002', 'community');
    for (const [idx, sentinel] of all.entries()) {
      await test.step(`${sentinel.value}: ${sentinel.provokes}`, async () => {
        const prefix = place === 'phone' ? '+' : '';
        const person = place === 'community id' ? `30000000-0000-4000-8000-${String(71 + idx).padStart(12, '0')}` : `${prefix}${sentinel.value}`;
        if (place === 'community id') await pickGroup(page, sentinel.value, 'community');
        await passGenuinsPace(page);
        await pastePeople(page, person);
        await send(page);
        const { verdict, words } = promised('genuin', sentinel);
        // The vendor gets the digits of a phone, and the results name them.
        await expectEnd(page, person.replace(/^\+/, ''), verdict, ...(words ? [words] : []));
        await emptyBox(page);
      });
    }
  });
}

const NETWORKED_CALLS: Record<string, [Ending, string?]> = {
  '401': ['asked', text('errors.networked.status_401.meaning')],
  '403': ['asked', text('errors.networked.status_403.meaning')],
  '400': ['refused', text('errors.networked.status_400.meaning')],
  '200+error:true': ['refused'],
  '200+success:false': ['refused'],
  '200+message': ['unknown', text('errors.console.decode_shape.meaning')],
  '408': ['unknown', text('errors.console.http_timed_out.meaning')],
  '552': ['unknown', text('errors.networked.status_552.meaning')],
};

for (const part of [0, 1, 2, 3, 4]) {
  test(`Networked: every address that makes adding fail, part ${part + 1} of 5`, async ({ page, key, mark, request, quiet }) => {
    test.slow();
    expectAnyFailure(quiet);
    const all = (await sentinels(request)).filter(({ vendor, place, provokes }) =>
      vendor === 'networked' && place === 'e-mail' && (provokes in FAULTS || provokes in NETWORKED_CALLS) && !SLOW.includes(provokes));
    const mine = all.filter((_, idx) => idx % 5 === part);
    expect(mine.length).toBeGreaterThan(1);
    await connect(page, 'Networked', { key });
    await section(page, 'add');
    await page.getByLabel(text('add.role')).selectOption('Viewer');
    for (const { value, provokes } of mine) {
      await test.step(`${value}: ${provokes}`, async () => {
        await pastePeople(page, `${provokes} <ana.${mark}@${value}>\n`);
        await send(page);
        const [verdict, words] = NETWORKED_CALLS[provokes] ?? FAULTS[provokes];
        await expectEnd(page, provokes, verdict, ...(words ? [words] : []));
        await emptyBox(page);
      });
    }
  });
}

/**
 * What the doctor says about faults other than refusals. At Genuin they only affect signing in, so the check
 * of the key reports them.
 */
const DOCTOR_SAYS: Record<string, RegExp> = {
  cut: new RegExp(text('doctor.key_lost')),
  html: /Unreadable response|isn’t from|is a web page/,
  truncated: /Unreadable response/,
  'empty-body': /Unreadable response/,
  'other-service': /Unreadable response|isn’t from/,
  '200+message': /Unreadable response/,
};

for (const vendor of ['Genuin', 'Networked', 'CometChat'] as const) {
  test(`${vendor}: the doctor names what every key provokes`, async ({ page, request, quiet }) => {
    test.slow();
    expectAnyFailure(quiet);
    const slug = vendor.toLowerCase();
    const all = (await sentinels(request)).filter(sentinel =>
      sentinel.place === 'api key' && (sentinel.vendor === slug || sentinel.vendor === null)
      && !SLOW.includes(sentinel.provokes) && !['lost-answer', 'token-in-body', 'ERR_TOO_MANY_REQUESTS'].includes(sentinel.provokes)
      && sentinel.value !== 'expired-token');
    expect(all.length).toBeGreaterThan(8);
    await page.clock.install();
    await fillConnection(page, vendor, { key: '' });
    const doctor = page.getByRole('region', { name: text('connections.doctor') });
    for (const sentinel of all) {
      await test.step(`${sentinel.value}: ${sentinel.provokes}`, async () => {
        await page.getByLabel(text('connections.api_key'), { exact: true }).fill(sentinel.value);
        // Networked allows ten calls a minute by the page's clock, which is advanced here.
        await page.clock.fastForward(61_000);
        await page.getByRole('button', { name: text('connections.examine') }).click();
        // Genuin's token comes in a header, so a broken body does not matter.
        const isHeaderEnough = vendor === 'Genuin' && ['truncated', 'empty-body'].includes(sentinel.provokes);
        const works = doctor.getByText(text('doctor.key'), { exact: true });
        const said = isHeaderEnough ? works : doctor.getByText(DOCTOR_SAYS[sentinel.provokes] ?? /rejected|[Cc]an’t|doesn’t know/).first();
        await hurryUntil(page, 1500, () => expect(said).toBeVisible({ timeout: 300 }));
      });
    }
  });
}

test('Genuin: a token that is refused after signing in is renewed once, then the key is asked for', async ({ page, quiet }) => {
  expectAnyFailure(quiet);
  await connect(page, 'Genuin', { key: 'expired-token' });
  await section(page, 'add');
  await pickGroup(page, '10000000-0000-4000-8000-000000000001', 'community');
  const person = '30000000-0000-4000-8000-000000000091';
  await pastePeople(page, person);
  await send(page);
  await expectEnd(page, person, 'asked', meaningOf('genuin', '5159'));
});

test('Genuin: a wrong secret is said by the doctor', async ({ page, key, quiet }) => {
  expectAnyFailure(quiet);
  await fillConnection(page, 'Genuin', { key });
  await page.getByLabel(text('connections.api_secret')).fill('wrong-secret');
  await page.getByRole('button', { name: text('connections.examine') }).click();
  const doctor = page.getByRole('region', { name: text('connections.doctor') });
  await expect(doctor).toContainText(meaningOf('genuin', '5166'));
  await expect(doctor).not.toContainText('wrong-secret');
});

test('a 429 is waited out and the rest goes on by itself, with and without Retry-After', async ({ page, key, mark, request, quiet }) => {
  expectAnyFailure(quiet);
  await makeGroup(request, mark);
  await page.clock.install();
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  for (const uid of ['rate-limited', 'rate-limited-silent']) {
    await pastePeople(page, uid);
    await send(page);
    await hurryUntil(page, 1500, () => expect(row(page, uid)).toContainText(text('results.done'), { timeout: 300 }));
    await emptyBox(page);
  }
});

test('a call without an answer is sent three times, looked for again a minute later, and refused if it is not so', async ({ page, key, mark, request, quiet }) => {
  expectAnyFailure(quiet);
  await makeGroup(request, mark);
  await page.clock.install();
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  for (const uid of ['cut', 'hang']) {
    await pastePeople(page, uid);
    await send(page);
    await expect(row(page, uid)).toContainText(text('results.waiting_word'));
    const [waits] = text('run.now_looks_again', { until: '|' }).split('|');
    await hurryUntil(page, uid === 'hang' ? 31_000 : 500, () => expect(page.getByText(waits)).toBeVisible({ timeout: 300 }));
    await expect(row(page, uid)).toContainText(text('results.sent_reason'));
    await hurryUntil(page, 31_000, () => expect(row(page, uid)).toContainText(text('errors.console.row_not_so.meaning'), { timeout: 300 }));
    await expectRow(page, uid, 'refused');
    await emptyBox(page);
  }
});

test('a slow answer is waited for', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'slow');
  await send(page);
  await expect(row(page, 'slow')).toContainText(text('results.done'));
});

test('a run is stopped: what was not sent is called not sent', async ({ page, key, mark, request, quiet }) => {
  expectAnyFailure(quiet);
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  const lines = Array.from({ length: 400 }, (_, n) => `citizen-${String(n + 1).padStart(5, '0')}`);
  await pastePeople(page, `hang\n${lines.join('\n')}`);
  const sent = page.waitForRequest(request => request.method() === 'POST' && request.url().endsWith(`/groups/${mark}/members`));
  await send(page);
  // Before its first call, a run stops at once.
  await sent;
  await page.getByRole('button', { name: text('results.stop') }).click();
  await expect(page.getByRole('button', { name: text('results.stop') })).toHaveAttribute('aria-disabled', 'true');
});
