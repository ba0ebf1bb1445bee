// Adding people at each vendor: what is recognised, what is sent, what comes back.
import { expect, test } from './support/test';
import { copied } from './support/clipboard';
import { connect, section } from './support/connect';
import { addMore, expectRow, openDetails, pastePeople, peopleBox, pickGroup, row, send, sendButton } from './support/compose';
import { hold, makeGroup, scopesOf, sentinels } from './support/sandbox';
import { literally, text } from './support/text';

const COMMUNITY = '10000000-0000-4000-8000-000000000002';
const genuinUser = (n: number) => `30000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

test('CometChat: people are added to a group, each with an outcome', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'fan-001\nfan-002, fan-001\nalready-joined\nuid-not-found\nrow-missing');
  await expect(page.getByText(text('add.n_twice', { count: 1 }))).toBeVisible();
  await send(page);
  await expectRow(page, 'fan-001', 'done', text('common.scope_participant'));
  await expectRow(page, 'fan-002', 'done');
  await expectRow(page, 'already-joined', 'same');
  await expectRow(page, 'uid-not-found', 'refused', text('errors.cometchat.err_uid_not_found.meaning'));
  await expectRow(page, 'row-missing', 'unknown', text('errors.cometchat.row_missing.meaning'));
  await expect(page.getByRole('heading', { level: 2, name: '2 added, 1 already a member, 1 rejected, 1 unknown' })).toBeVisible();

  await test.step('only what was refused stays in the box, as typed', async () => {
    await expect(page.getByText(text('results.n_left', { count: 1 }))).toBeVisible();
    const chips = page.getByRole('list', { name: text('add.recognised'), includeHidden: true });
    await expect(chips.getByRole('button', { includeHidden: true })).toHaveCount(1);
    await expect(chips).toContainText('uid-not-found');
  });
  expect(await scopesOf(request, mark)).toMatchObject({ 'fan-001': 'participant', 'fan-002': 'participant' });

  await test.step('details have code, status and raw answer, and no key', async () => {
    const details = await openDetails(page, 'uid-not-found');
    await expect(details).toContainText('ERR_UID_NOT_FOUND');
    await expect(details).toContainText('200');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await details.getByRole('button', { name: text('results.copy_curl') }).click();
    await expect(page.getByText(text('ui.copied'))).toBeAttached();
    const curl = await copied(page);
    expect(curl).toContain('curl');
    expect(curl).toContain(`/groups/${mark}/members`);
    expect(curl).not.toContain(key);
    expect(await page.content()).not.toContain(key);
  });

  await test.step('outcomes can be filtered', async () => {
    await page.getByRole('radio', { name: text('ui.tally_refused', { count: 1 }) }).check();
    await expect(row(page, 'fan-001')).toHaveCount(0);
    await expect(row(page, 'uid-not-found')).toBeVisible();
  });
});

test('CometChat: some get another scope than the rest, some are banned', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'fan-011\nfan-012\nfan-013');
  await page.getByRole('button', { name: text('add.different_for_some') }).click();
  await page.getByLabel(text('add.scope_of', { name: 'fan-012' })).selectOption('admin');
  await page.getByLabel(text('add.scope_of', { name: 'fan-013' })).selectOption(text('common.scope_banned'));
  await send(page);
  await expectRow(page, 'fan-011', 'done', text('common.scope_participant'));
  await expectRow(page, 'fan-012', 'done', text('common.scope_admin'));
  await expectRow(page, 'fan-013', 'done', text('results.done_banned'));
  expect(await scopesOf(request, mark)).toMatchObject({ 'fan-011': 'participant', 'fan-012': 'admin' });
});

test('CometChat: a sheet with a column of scopes', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'fan-071\tadmin\nZoë,fan-072,Moderator\nfan-073');
  await send(page);
  await expectRow(page, 'fan-071', 'done', text('common.scope_admin'));
  await expectRow(page, 'Zoë', 'done', text('common.scope_moderator'));
  await expectRow(page, 'fan-073', 'done', text('common.scope_participant'));
  expect(await scopesOf(request, mark)).toMatchObject({ 'fan-071': 'admin', 'fan-072': 'moderator', 'fan-073': 'participant' });
});

test('CometChat: what is below the group stays in place once the group was read', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  const release = await hold(request, mark, 'banned');
  await pickGroup(page, mark);
  const below = peopleBox(page);
  await expect(page.getByText(text('ui.loading'), { exact: true })).toBeVisible();
  // The fallback font's lines differ by a pixel.
  await expect(page.locator('html')).toHaveAttribute('data-font', 'inter');
  const before = await below.boundingBox();
  await release();
  await expect(page.getByText(text('add.group_has', { count: 0 }))).toBeVisible();
  expect(await below.boundingBox()).toEqual(before);
});

test('CometChat: a scope and a ban for one person block the list', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'fan-081,participant\nfan-081,ban');
  await expect(page.getByText(text('problems.scope_and_ban', { found: 'fan-081', vendor: 'CometChat' })).first()).toBeVisible();
  await expect(sendButton(page)).toHaveAttribute('aria-disabled', 'true');
  expect(await scopesOf(request, mark)).toEqual({});
});

test('CometChat: faulty pieces are named beside the box, and nothing of them is sent', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  const tooLong = 'a'.repeat(101);
  await pastePeople(page, `fan-021\n${tooLong}\nÜnïcode!\nada@example.org`);
  await expect(page.getByText(literally(text('problems.id_too_long', { vendor: 'CometChat' }))).first()).toBeVisible();
  await expect(page.getByText(literally(text('problems.wrong_kind', { found: 'ada@example.org', vendor: 'CometChat' }))).first()).toBeVisible();
  await expect(sendButton(page)).toHaveText(text('add.button_add', { count: 1 }));
  await send(page);
  await expectRow(page, 'fan-021', 'done');
  await addMore(page);
  await expect(page.getByRole('list', { name: text('add.recognised') })).toContainText(tooLong);
});

test('CometChat: names are text, whatever they hold', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'ليلى حداد <fan-031>\n<img src=x onerror=alert(1)> <fan-032>\nfan-0\u200b33\nFAN-034');
  await expect(page.getByRole('list', { name: text('add.recognised') })).toContainText('ليلى حداد');
  await expect(page.getByText(literally(text('problems.hidden_characters', { found: 'fan-033' }))).first()).toBeVisible();
  await expect(page.getByRole('img', { name: 'x' })).toHaveCount(0);
  await send(page);
  await expectRow(page, 'ليلى حداد', 'done');
  await expectRow(page, 'fan-033', 'done');
});

test('the button, the sentence and the checks count the same people', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark, { participants: ['fan-061'], admins: ['fan-062'] });
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  // One is a member already, one occurs twice, one has two scopes, one is invalid.
  await pastePeople(page, 'fan-061\nfan-063\nfan-063\nfan-064,participant\nfan-064,moderator\nÜnïcode!');
  await expect(page.getByText(text('plan.same_already', { count: 1 }))).toBeVisible();
  await expect(page.getByText(text('plan.to_send', { count: 2 }))).toBeVisible();
  await expect(page.getByText(text('plan.refused_here', { count: 1 }))).toBeVisible();
  await expect(page.getByText(text('plan.add_to_group', { count: 2, group: `Group ${mark}` })).first()).toBeVisible();
  await expect(sendButton(page)).toHaveText(text('add.button_add', { count: 2 }));

  // Text that is still in the field is sent too, because leaving the field accepts it.
  await peopleBox(page).fill('fan-066');
  await expect(page.getByText(text('plan.to_send', { count: 3 }))).toBeVisible();
  await expect(sendButton(page)).toHaveText(text('add.button_add', { count: 3 }));
  await peopleBox(page).fill('');
  await expect(sendButton(page)).toHaveText(text('add.button_add', { count: 2 }));

  // Bans among additions count as changes, both on the button and in the summary.
  await pastePeople(page, 'fan-065,ban');
  await expect(page.getByText(text('plan.to_send', { count: 3 }))).toBeVisible();
  await expect(page.getByText(text('plan.changes_in', { count: 3, group: `Group ${mark}` })).first()).toBeVisible();
  await expect(sendButton(page)).toHaveText(text('scopes.send', { count: 3 }));
});

test('Genuin: people in two communities are counted once', async ({ page, key }) => {
  await connect(page, 'Genuin', { key });
  await section(page, 'add');
  await pickGroup(page, COMMUNITY, 'community');
  await page.getByRole('button', { name: text('add.another_community') }).click();
  await pickGroup(page, '10000000-0000-4000-8000-000000000001', 'community');
  await pastePeople(page, `${genuinUser(61)}\n${genuinUser(62)}`);
  await expect(page.getByText(text('plan.to_send', { count: 2 }))).toBeVisible();
  await expect(page.getByText(text('plan.add_to_group', { count: 2, group: text('plan.places', { count: 2 }) })).first()).toBeVisible();
  await expect(sendButton(page)).toHaveText(text('add.button_add', { count: 2 }));
});

test('10,000 lines are taken in, counted and priced without a pause', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  const lines = Array.from({ length: 10_000 }, (_, n) => `citizen-${String(n + 1).padStart(5, '0')}`);
  await pastePeople(page, lines.join('\n'));
  await expect(page.getByText(text('add.n_recognised', { count: 10_000 }), { exact: true })).toBeVisible();
  await expect(page.getByText(literally(text('plan.calls', { count: 400 }))).first()).toBeVisible();
  await expect(sendButton(page)).toHaveText(text('add.button_add', { count: 10_000 }));
});

test('the box gives back the last piece, takes text, and takes pieces out', async ({ page, key }) => {
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  const box = peopleBox(page);
  await box.fill('fan-041');
  await box.press('Enter');
  await box.fill('fan-042');
  await box.press(',');
  await box.press('Backspace');
  await expect(box).toHaveValue('fan-042');
  await box.press('Enter');
  await page.getByRole('button', { name: text('ui.take_out', { name: 'fan-041' }) }).click();
  await expect(page.getByText(text('add.n_recognised', { count: 1 }), { exact: true })).toBeVisible();
  await page.getByRole('button', { name: text('add.as_text') }).click();
  const area = page.getByRole('textbox', { name: text('add.people_as_text') });
  await expect(area).toHaveValue('fan-042');
  await area.fill('fan-043\nfan-044\nfan-045');
  await page.getByRole('button', { name: text('add.as_chips') }).click();
  await expect(page.getByText(text('add.n_recognised', { count: 3 }), { exact: true })).toBeVisible();
});

test('a group that is not there is said before anything is sent', async ({ page, key, quiet }) => {
  quiet.statuses(404);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, 'nowhere-to-be-found');
  await pastePeople(page, 'fan-001');
  await expect(page.getByText(text('errors.cometchat.err_guid_not_found.meaning')).first()).toBeVisible();
  await expect(sendButton(page)).toHaveAttribute('aria-disabled', 'true');
});

test('Genuin: people join communities, silence is unknown, and the answers are a list', async ({ page, key }) => {
  await connect(page, 'Genuin', { key, communities: `${COMMUNITY} Small one` });
  await section(page, 'add');
  await pickGroup(page, COMMUNITY, 'community');
  const stranger = '3fffffff-0000-4000-8000-00000000abcd';
  await pastePeople(page, `${genuinUser(75)}\n+1 555 010 0076\n${stranger}\nada@example.org`);
  await expect(page.getByText(literally(text('problems.wrong_kind', { found: 'ada@example.org', vendor: 'Genuin' }))).first()).toBeVisible();
  await send(page);
  await expectRow(page, genuinUser(75), 'done', text('results.done_member'));
  await expectRow(page, stranger, 'unknown');
  await page.getByRole('button', { name: literally(text('results.named', { count: 2 })) }).click();
  const named = page.getByRole('region', { name: text('results.named_people') });
  await expect(named.getByRole('row')).toHaveCount(3);
  await expect(named).toContainText(genuinUser(75));
  // The details show everything that the response says about a person.
  await named.getByRole('button').first().click();
  await expect(page.getByRole('definition').filter({ hasText: text('members.account_person') })).toBeVisible();

  await section(page, 'members');
  await expect(page.getByRole('main')).toContainText('15550100075');
});

test('Genuin: an id of a community that cannot be one is refused beside its field', async ({ page, key }) => {
  await connect(page, 'Genuin', { key });
  await section(page, 'add');
  await pickGroup(page, 'loop-studio', 'community');
  await expect(page.getByText(text('add.bad_community'))).toBeVisible();
  await pastePeople(page, genuinUser(1));
  await expect(sendButton(page)).toHaveAttribute('aria-disabled', 'true');
});

test('Networked: the person in the two fields is kept, counted and sent', async ({ page, key, mark }) => {
  await connect(page, 'Networked', { key });
  await section(page, 'add');
  const [name, email] = [page.getByLabel(text('add.name'), { exact: true }), page.getByLabel(text('add.email'), { exact: true })];
  await page.getByLabel(text('add.role')).selectOption('Viewer');
  await name.fill('Ada');
  await expect(page.locator('.compose-foot')).toContainText(text('add.email_missing'));
  await section(page, 'members');
  await section(page, 'add');
  await expect(name).toHaveValue('Ada');
  await email.fill(`ada.${mark}@new.example`);
  await expect(page.getByRole('button', { name: text('add.button_invite', { count: 1 }) })).toBeVisible();
  await page.getByRole('radio', { name: text('add.flow_direct') }).check();
  await send(page);
  await expectRow(page, 'Ada', 'done');
  await expect(name).toHaveValue('');
  await expect(email).toHaveValue('');
});

test('Networked: people are added with a role, one call each', async ({ page, key, mark, quiet }) => {
  quiet.statuses(400);
  await connect(page, 'Networked', { key });
  await section(page, 'add');
  await page.getByLabel(text('add.name'), { exact: true }).fill('Ada "Countess" Lovelace');
  await page.getByLabel(text('add.email'), { exact: true }).fill(`ada.${mark}@new.example`);
  await page.getByRole('button', { name: text('add.to_list') }).click();
  await pastePeople(page, `Zoë <zoe.${mark}@new.example>\nno-domain@\nnameless.${mark}@new.example\nOwner <owner@founders.example>`);
  await expect(page.getByText(literally(text('problems.name_missing', { vendor: 'Networked', found: `nameless.${mark}@new.example` }))).first()).toBeVisible();
  await page.getByLabel(text('add.role')).selectOption('Viewer');
  await page.getByRole('radio', { name: text('add.flow_direct') }).check();
  await send(page);
  await expectRow(page, 'Zoë', 'done');
  await expectRow(page, 'Owner', 'refused');
  await section(page, 'members');
  await page.getByRole('searchbox').fill(`zoe.${mark}`);
  await expect(page.getByRole('grid').getByRole('rowheader').filter({ hasText: 'Zoë' })).toBeVisible();
});

test('CometChat: the preview names who is banned, promoted and added, and results name the group', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark, { participants: ['fan-101', 'fan-102'] });
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'fan-101, moderator\nfan-102\nfan-103, ban\nfan-104, admin\nfan-105');
  const preview = page.getByRole('complementary', { name: text('plan.before') });
  const line = (key: string, values: Record<string, string> = {}) => preview.getByRole('listitem').filter({ hasText: text(key, { count: 1, ...values }) });
  await expect(line('plan.effect_promote', { scope: text('common.scope_moderator') }).first()).toBeVisible();
  await line('plan.effect_ban').getByText(text('plan.effect_ban', { count: 1 }), { exact: true }).click();
  await expect(preview).toContainText('fan-103');
  await expect(line('plan.effect_join_as', { scope: text('common.scope_admin') }).first()).toBeVisible();
  await expect(line('plan.same_already').first()).toBeVisible();
  // A scope from the list shows beside its person, and one chosen here wins.
  await page.getByRole('button', { name: text('add.different_for_some') }).click();
  const scope = page.getByLabel(text('add.scope_of', { name: 'fan-103' }));
  await expect(scope).toContainText(text('add.from_list', { scope: text('common.scope_banned') }));
  await scope.selectOption(text('common.scope_participant'));
  await expect(line('plan.effect_ban')).toHaveCount(0);
  await send(page);
  await expectRow(page, 'fan-103', 'done', text('common.scope_participant'));
  await page.getByRole('link', { name: text('results.open_run') }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^4 changes made in Group .*, 1 unchanged$/);
});

test('CometChat: a long list is a table that shows what is wrong with a row', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  const lines = Array.from({ length: 60 }, (_, n) => `citizen-${String(n + 1).padStart(5, '0')}`);
  await pastePeople(page, [...lines, 'ada@example.org', 'citizen-00001'].join('\n'));
  const grid = page.getByRole('grid', { name: text('add.recognised') });
  await expect(grid).toHaveAttribute('aria-rowcount', '63');
  await expect(grid.getByRole('row').nth(1)).toContainText(text('problems.wrong_kind', { found: 'ada@example.org', vendor: 'CometChat' }));
  await page.getByRole('radio', { name: text('add.n_not_usable', { count: 1 }) }).check();
  await expect(grid).toHaveAttribute('aria-rowcount', '2');
  await grid.getByRole('row').nth(1).click();
  await page.getByRole('button', { name: text('ui.take_out', { name: 'ada@example.org' }) }).click();
  await expect(page.getByText('ada@example.org')).toHaveCount(0);
  await expect(sendButton(page)).toHaveText(text('add.button_add', { count: 60 }));
});

test('Genuin: one person that it does not know fails all, and sent one by one only themselves', async ({ page, key, request, quiet }) => {
  quiet.statuses(400, 404);
  await connect(page, 'Genuin', { key, communities: `${COMMUNITY} Small one` });
  await section(page, 'add');
  await pickGroup(page, COMMUNITY, 'community');
  const unknown = (await sentinels(request)).find(({ vendor, place, provokes }) =>
    vendor === 'genuin' && place === 'user id' && provokes === '5025')!.value;
  await pastePeople(page, `${genuinUser(81)}\n${unknown}\n${genuinUser(82)}`);
  await send(page);
  await expect(page.getByText(text('results.together', { count: 3, vendor: 'Genuin' }))).toBeVisible();
  await page.getByRole('button', { name: text('results.retry_singly', { count: 3 }) }).click();
  await expectRow(page, genuinUser(81), 'done');
  await expectRow(page, genuinUser(82), 'done');
  await expectRow(page, unknown, 'refused', text('errors.genuin.code_5025.meaning'));
  await expect(page.getByRole('button', { name: text('results.retry_singly', { count: 3 }) })).toHaveCount(0);
});
