// Moderators: a call, a role or a scope, depending on the vendor.
import { readFile } from 'node:fs/promises';
import type { APIRequestContext } from '@playwright/test';
import { expect, test, type Page, type Quiet } from './support/test';
import { connect, section } from './support/connect';
import { addMore, expectRow, pastePeople, pickGroup, send, sendButton } from './support/compose';
import { ban, BASES, hold, makeGroup, scopesOf } from './support/sandbox';
import { text } from './support/text';

const STUDIO = '10000000-0000-4000-8000-000000000001';
const COMMUNITY = '10000000-0000-4000-8000-000000000002';
const genuinUser = (n: number) => `30000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

test('Genuin: people become moderators by a call, and are listed from then on', async ({ page, key }) => {
  await connect(page, 'Genuin', { key });
  await section(page, 'moderators');
  await expect(page.getByText(text('moderators.unknown_title'))).toBeVisible();
  await pickGroup(page, COMMUNITY, 'community');
  await pastePeople(page, `${genuinUser(68)}\n${genuinUser(69)}`);
  await send(page);
  await expectRow(page, genuinUser(68), 'done', text('common.scope_moderator'));
  const who = page.getByRole('region', { name: text('moderators.who') });
  await expect(who.getByRole('row').filter({ hasText: genuinUser(69) })).toBeVisible();
});

test('Genuin: a phone number becomes the id that an answer told, or is refused before sending', async ({ page, key }) => {
  const [known, stranger] = ['15550100061', '15550100062'];
  await connect(page, 'Genuin', { key });
  await section(page, 'moderators');
  await pickGroup(page, STUDIO, 'community');
  await pastePeople(page, known);
  const reason = (found: string) => page.getByText(text('problems.id_unknown', { vendor: 'Genuin', found }));
  await expect(reason(known).first()).toBeVisible();
  await expect(page.getByRole('button', { name: text('add.button_moderate_none'), exact: true })).toHaveAttribute('aria-disabled', 'true');

  await section(page, 'add');
  await pickGroup(page, STUDIO, 'community');
  await pastePeople(page, known);
  await send(page);
  await expectRow(page, known, 'done');

  await section(page, 'moderators');
  await pickGroup(page, STUDIO, 'community');
  await pastePeople(page, `${known}\n${stranger}`);
  await expect(reason(stranger).first()).toBeVisible();
  await expect(reason(known)).toHaveCount(0);
  await expect(page.getByText(text('plan.refused_here', { count: 1 }))).toBeVisible();
  await expect(page.getByText(text('plan.to_send', { count: 1 }))).toBeVisible();
  await expect(sendButton(page)).toHaveText(text('add.button_moderate', { count: 1 }));
  await send(page);
  await expectRow(page, known, 'done', text('common.scope_moderator'));
  // Only people who were sent have left the box.
  await addMore(page);
  const box = page.getByRole('list', { name: text('add.recognised') });
  await expect(box).toContainText(stranger);
  await expect(box).not.toContainText(known);
  const who = page.getByRole('region', { name: text('moderators.who') });
  await expect(who.getByRole('row').filter({ hasText: genuinUser(61) })).toBeVisible();
});

test('Networked: moderating is a role; who has it is read when asked', async ({ page, key, mark }) => {
  await connect(page, 'Networked', { key });
  await section(page, 'moderators');
  const who = page.getByRole('region', { name: text('moderators.who') });
  await who.getByRole('button', { name: text('moderators.read') }).click();
  await expect(who.getByRole('row').filter({ hasText: 'owner@founders.example' })).toBeVisible();
  await pastePeople(page, `Mod <mod.${mark}@new.example>`);
  const role = page.getByLabel(text('add.role'));
  await expect(role.getByRole('option')).toHaveText([text('add.choose_role'), 'Moderator']);
  await role.selectOption('Moderator');
  await send(page);
  await expectRow(page, 'Mod', 'done');
});

test('CometChat: members are promoted, others come in as moderators', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark, { admins: ['fan-051'], participants: ['fan-052'] });
  await connect(page, 'CometChat', { key });
  await section(page, 'moderators');
  await expect(page.getByText(text('moderators.pick_title'))).toBeVisible();
  await pickGroup(page, mark);
  const who = page.getByRole('region', { name: text('moderators.who') });
  await expect(who.getByRole('row').filter({ hasText: 'fan-051' })).toBeVisible();
  await pastePeople(page, 'fan-052\nfan-053');
  await send(page);
  await expectRow(page, 'fan-052', 'done');
  await expectRow(page, 'fan-053', 'done');
  expect(await scopesOf(request, mark)).toMatchObject({ 'fan-052': 'moderator', 'fan-053': 'moderator' });
});

/** The section about all groups. */
function allGroups(page: Page) {
  return page.getByRole('region', { name: text('moderators.all_groups'), exact: true });
}

/** The table of those with power in all groups. */
function holders(page: Page) {
  return allGroups(page).getByRole('grid', { name: text('moderators.review_table') });
}

/** Other tests delete groups, or make some that cannot be read. */
function expectOtherGroups(quiet: Quiet) {
  quiet.statuses(404, 429, 500);
  quiet.lost();
}

/** Opens the moderators and reads the list of groups, of which there are so many that the rest is asked about. */
async function listGroups(page: Page, request: APIRequestContext, key: string, mark: string, members: Record<string, string[]>) {
  await makeGroup(request, `${mark}-a`);
  await makeGroup(request, `${mark}-b`, { moderators: ['citizen-00064'] });
  await makeGroup(request, mark, members);
  await connect(page, 'CometChat', { key });
  await section(page, 'moderators');
  const load = allGroups(page).getByRole('button', { name: text('moderators.review_load') });
  await expect(allGroups(page)).toContainText(text('moderators.review_ask_body', { count: 2 }));
  await load.click();
  await expect(allGroups(page)).toContainText(/\d+ groups found\. .* up to \d+ more requests/);
  return load;
}

/** Shows only rows that contain the text. */
async function find(page: Page, words: string) {
  await allGroups(page).getByRole('searchbox', { name: text('moderators.review_search') }).fill(words);
  await expect(page).toHaveURL(url => url.searchParams.get('q') === words);
}

test('CometChat: who has power in which group is read for all groups, found, sorted and exported', async ({ page, key, mark, request, quiet }) => {
  expectOtherGroups(quiet);
  const members = { admins: ['citizen-00061', 'citizen-00065'], moderators: ['citizen-00062', 'citizen-00064'], participants: ['citizen-00063'] };
  const load = await listGroups(page, request, key, mark, members);
  await ban(request, mark, 'citizen-00065');
  await load.click();
  await expect(holders(page)).toBeVisible();
  await find(page, mark);
  const rows = holders(page).getByRole('row').filter({ has: page.getByRole('rowheader') });
  // A person's groups stand together; participants and people who are banned have no power.
  await expect(rows).toHaveText([/citizen-00061.*Admin/, /citizen-00062.*Moderator/, /citizen-00064.*Moderator/, /citizen-00064.*Moderator/]);
  await expect(rows.nth(2)).toContainText(`Group ${mark}`);
  const counted = text('moderators.review_counts', { people: '3 people', groups: '2 groups', admins: '1 admin', moderators: '3 moderators' });
  await expect(allGroups(page).getByRole('status').filter({ hasText: counted })).toBeVisible();

  await holders(page).getByRole('columnheader', { name: text('groups.pick_group') }).getByRole('button').click();
  await expect(page).toHaveURL(/[?&]sort=group/);
  await expect(rows.last()).toContainText(`Group ${mark}-b`);
  await allGroups(page).getByLabel(text('scopes.scope'), { exact: true }).selectOption('admin');
  await expect(page).toHaveURL(/[?&]scope=admin/);
  await expect(rows).toHaveText([/citizen-00061.*Admin/]);

  // These groups belong to the app, which is nobody.
  const isAdmin = text('directory.filter_is', { filter: text('scopes.scope'), value: 'Admin' });
  await allGroups(page).getByRole('button', { name: text('directory.remove_filter', { filter: isAdmin }) }).click();
  await allGroups(page).getByLabel(text('scopes.scope'), { exact: true }).selectOption('owner');
  await expect(allGroups(page)).toContainText(text('scopes.no_match_title'));

  // The file has everyone, whatever is shown.
  const started = page.waitForEvent('download');
  await allGroups(page).getByRole('button', { name: text('activity.export_csv') }).click();
  const csv = await readFile((await (await started).path())!, 'utf8');
  expect(csv.split('\r\n')[0]).toContain('group,group_name,id,name,scope,is_owner,read_at');
  expect(csv).toMatch(new RegExp(`\n${mark}-b,Group ${mark}-b,citizen-00064,[^,]*,moderator,no,'?20`));
  expect(csv).not.toContain(`${mark},Group ${mark},citizen-00065`);
  const saved = page.waitForEvent('download');
  await allGroups(page).getByRole('button', { name: text('activity.export_json') }).click();
  const json = JSON.parse(await readFile((await (await saved).path())!, 'utf8'));
  expect(json).toMatchObject({ muster: 'access_review', format: 1, vendor: 'cometchat' });
  expect(json.groups).toContainEqual(expect.objectContaining({ group: `${mark}-a`, people: [], error: null }));

  // What was read stays while other pages are shown, and a row leads to its group.
  await section(page, 'members');
  await section(page, 'moderators');
  await find(page, `${mark}-b`);
  await expect(rows).toHaveText([/citizen-00064/]);
  await holders(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(url => url.pathname.endsWith(`/groups/${mark}-b`));
  await page.goBack();
  await expect(rows).toHaveText([/citizen-00064/]);
  await rows.getByRole('link').click();
  await expect(page).toHaveURL(url => url.pathname.endsWith(`/groups/${mark}-b`));
});

test('CometChat: a group that cannot be read is listed with its reason, and read again', async ({ page, key, mark, request, quiet }) => {
  expectOtherGroups(quiet);
  const load = await listGroups(page, request, key, mark, { admins: ['citizen-00061'] });
  const deleted = await request.delete(`${BASES.CometChat}/groups/${mark}-b`, { headers: { apikey: key } });
  expect(deleted.ok()).toBe(true);
  await load.click();
  const unread = allGroups(page).getByRole('listitem').filter({ hasText: `${mark}-b` });
  await expect(unread).toContainText(text('errors.cometchat.err_guid_not_found.meaning'));
  await find(page, mark);
  await expect(holders(page).getByRole('row').filter({ hasText: 'citizen-00061' })).toBeVisible();
  await makeGroup(request, `${mark}-b`, { moderators: ['citizen-00066'] });
  await unread.getByRole('button', { name: text('ui.try_again') }).click();
  await expect(holders(page).getByRole('row').filter({ hasText: 'citizen-00066' })).toBeVisible();
  await expect(unread).toHaveCount(0);
});

test('CometChat: reading all groups is paused and resumed', async ({ page, key, mark, request, quiet }) => {
  expectOtherGroups(quiet);
  const load = await listGroups(page, request, key, mark, { admins: ['citizen-00061'] });
  const release = await hold(request, mark, 'scopes');
  await load.click();
  await allGroups(page).getByRole('button', { name: text('directory.pause') }).click();
  await expect(allGroups(page).getByRole('status').filter({ hasText: /^Loading paused at/ })).toBeVisible();
  await release();
  await allGroups(page).getByRole('button', { name: text('directory.go_on') }).click();
  await expect(holders(page)).toBeVisible();
  await find(page, mark);
  await expect(holders(page).getByRole('row').filter({ hasText: 'citizen-00061' })).toBeVisible();
  await expect(holders(page).getByRole('row').filter({ hasText: `Group ${mark}-b` })).toBeVisible();
});
