// Members: lists that vendors provide, and the list that the session keeps.
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from './support/test';
import { connect, section } from './support/connect';
import { expectRow, pastePeople, pickGroup, send } from './support/compose';
import { BASES, makeGroup, scopesOf } from './support/sandbox';
import { text } from './support/text';

test('CometChat: the whole list is read, searched and opened, and the address tells it', async ({ page, key }) => {
  await connect(page, 'CometChat', { key });
  const grid = page.getByRole('grid', { name: text('members.title') });
  await expect(grid.getByRole('row').nth(1)).toBeVisible();
  const search = page.getByRole('searchbox', { name: text('members.search') });
  await search.fill('citizen-2999');
  await expect(page).toHaveURL(/[?&]q=citizen-2999/);
  // The last of thirty thousand, in any order in which the vendor returns them.
  await expect(grid.getByRole('rowheader')).toHaveText([/Citizen 29990/, /29991/, /29992/, /29993/, /29994/, /29995/, /29996/, /29997/, /29998/, /29999/]);

  await grid.getByRole('row').filter({ hasText: 'citizen-29992' }).click();
  const drawer = page.getByRole('complementary', { name: 'Citizen 29992' });
  await expect(drawer).toContainText('citizen-29992');
  await expect(page).toHaveURL(/person=citizen-29992/);
  await drawer.getByRole('button', { name: text('ui.close') }).press('Escape');
  await expect(drawer).toBeHidden();
  await search.fill('nobody-is-called-so');
  await expect(page.getByText(text('members.no_match_title'))).toBeVisible();
  await page.getByRole('button', { name: text('members.clear_search') }).click();
  await expect(search).toHaveValue('');
  await expect(grid.getByRole('row').nth(1)).toBeVisible();
});

test('CometChat: the drawer of someone keeps the focus when the list has been read', async ({ page, key }) => {
  let release = () => {};
  const released = new Promise<void>(resolve => { release = resolve; });
  await page.route(url => url.href.startsWith(BASES.CometChat) && url.pathname.endsWith('/users'), async route => {
    // All but the first page.
    if (Number(new URL(route.request().url()).searchParams.get('page')) > 1) await released;
    await route.continue();
  });
  await connect(page, 'CometChat', { key });
  const grid = page.getByRole('grid', { name: text('members.title') });
  await grid.getByRole('row').nth(1).click();
  const copy = page.getByRole('complementary').getByRole('button', { name: text('members.copy_id') });
  await copy.focus();
  // Marks what is drawn now, which must not be replaced.
  await copy.evaluate(button => button.setAttribute('data-marked', ''));
  release();
  await expect(page.getByRole('button', { name: text('directory.pause'), exact: true })).toHaveCount(0);
  await expect(copy).toBeFocused();
  await expect(copy).toHaveAttribute('data-marked');
});

test('Networked: people have e-mail, role and state, and a drawer', async ({ page, key }) => {
  await connect(page, 'Networked', { key });
  const table = page.getByRole('grid', { name: text('members.title') });
  await page.getByRole('searchbox', { name: text('members.search') }).fill('owner@founders');
  const row = table.getByRole('row').filter({ hasText: 'owner@founders.example' });
  await expect(row).toContainText('Ines Okafor');
  await expect(row).toContainText('Admin');
  await row.click();
  await expect(page.getByRole('complementary', { name: 'Ines Okafor' })).toContainText('owner@founders.example');
});

test('Genuin: what cannot be read is said, and the list is empty at first', async ({ page, key }) => {
  await connect(page, 'Genuin', { key });
  await expect(page.getByText(text('members.known_only', { vendor: 'Genuin' }))).toBeVisible();
  await expect(page.getByText(text('members.known_empty_title'))).toBeVisible();
});

test('Genuin: all that an answer tells of a person is in their drawer', async ({ page, key }) => {
  const community = '10000000-0000-4000-8000-000000000001';
  await connect(page, 'Genuin', { key });
  await section(page, 'add');
  await pickGroup(page, community, 'community');
  const ids = [67, 68, 69, 70, 71, 72].map(n => `30000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
  const answer = page.waitForResponse(response => response.url().endsWith('/community/add_users'));
  await pastePeople(page, ids.join('\n'));
  await send(page);
  await expectRow(page, ids[0], 'done');
  const told: Record<string, string | boolean | null>[] = (await (await answer).json()).data.members_added;
  expect(told.length).toBe(ids.length);

  await section(page, 'members');
  const rows = page.getByRole('grid', { name: text('members.title') }).getByRole('row');
  for (const person of told) {
    await rows.filter({ hasText: String(person.phone) }).click();
    const drawer = page.getByRole('complementary').filter({ hasText: String(person.member_id) });
    const value = (label: string) => drawer.getByRole('definition').filter({ has: page.locator(`xpath=preceding-sibling::dt[1][.="${label}"]`) });
    await expect(value(text('members.phone'))).toHaveText(String(person.phone));
    await expect(value(text('members.account'))).toHaveText(text('members.account_person'));
    const picture = value(text(person.is_avatar ? 'members.avatar' : 'members.picture'));
    if (person.is_avatar) await expect(picture).toHaveText(String(person.profile_image));
    else await expect(picture.getByRole('link')).toHaveAttribute('href', String(person.profile_image));
    for (const [field, label] of [['nickname', 'members.nickname'], ['bio', 'members.bio']] as const) {
      if (person[field]) await expect(value(text(label))).toHaveText(String(person[field]));
      else await expect(value(text(label))).toHaveCount(0);
    }
    await expect(drawer.getByRole('img')).toHaveCount(0);
    await drawer.getByRole('button', { name: text('ui.close') }).click();
  }
  // Both kinds of pictures occurred, and a person with a nickname.
  expect(new Set(told.map(person => person.is_avatar)).size).toBe(2);
  expect(told.some(person => person.nickname)).toBe(true);
});

for (const [fault, words] of [
  ['server-error', 'errors.cometchat.err_exception.meaning'],
  ['html', 'errors.console.decode_not_json.meaning'],
  ['empty-body', 'errors.console.decode_empty.meaning'],
  ['truncated', 'errors.console.decode_truncated.meaning'],
] as const) {
  test(`a list that cannot be read says what happened and offers to try again: ${fault}`, async ({ page, quiet }) => {
    quiet.statuses(500);
    await connect(page, 'CometChat', { key: `${fault}-key` });
    await expect(page.getByRole('button', { name: text('ui.try_again') })).toBeVisible();
    await expect(page.getByRole('main')).toContainText(text(words));
  });
}

test('CometChat: a member is added to a group or banned from one, and the address does not name them', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark, { participants: ['citizen-00002'] });
  await connect(page, 'CometChat', { key });
  await page.getByRole('searchbox', { name: text('members.search') }).fill('citizen-00002');
  await page.getByRole('grid', { name: text('members.title') }).getByRole('row').filter({ hasText: 'citizen-00002' }).click();
  const drawer = page.getByRole('complementary', { name: 'Citizen 2' });
  await drawer.getByRole('button', { name: text('members.ban') }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('add.ban_title') })).toBeVisible();
  expect(page.url()).not.toContain('citizen');
  await expect(page.getByRole('list', { name: text('add.recognised') })).toContainText('Citizen 2');
  await pickGroup(page, mark);
  await expect(page.getByRole('complementary', { name: text('plan.before') })).toContainText(text('plan.effect_ban', { count: 1 }));
  await send(page);
  await expectRow(page, 'Citizen 2', 'done', text('results.done_banned'));
  expect(await scopesOf(request, mark)).toEqual({});
});

test('Genuin: known people are a grid, with those of imported lists, and go into a form or a file', async ({ page, key }, info) => {
  const community = '10000000-0000-4000-8000-000000000001';
  const id = (n: number) => `30000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  // Members of the community who are added again are not in the response, so other tests leave these two alone.
  await connect(page, 'Genuin', { key });
  await section(page, 'add');
  await pickGroup(page, community, 'community');
  await pastePeople(page, `"Zoe Added" <${id(87)}>`);
  await send(page);
  await expectRow(page, 'Zoe Added', 'done');

  // Bo is known to nobody, so no response names them.
  await section(page, 'add');
  await page.getByRole('link', { name: text('import.button') }).click();
  const path = info.outputPath('conference.csv');
  await writeFile(path, `Name,User ID\nAda Listed,${id(88)}\nBo Listed,3fffffff-0000-4000-8000-00000000abcd\n`);
  await page.getByLabel(text('import.file'), { exact: true }).setInputFiles(path);
  await pickGroup(page, community, 'community');
  await page.getByRole('button', { name: text('import.preview', { count: 2 }), exact: true }).click();
  await send(page);
  await expect(page).toHaveURL(/\/runs\/p\w/);

  await section(page, 'members');
  const grid = page.getByRole('grid', { name: text('members.title') });
  await expect(grid).toHaveAttribute('aria-rowcount', '4');
  const listed = grid.getByRole('row').filter({ hasText: 'Bo Listed' });
  await expect(listed).toContainText(text('members.from_list'));
  await expect(listed).toContainText('conference.csv');
  await grid.getByRole('button', { name: text('members.name') }).click();
  await expect(page).toHaveURL(/[?&]sort=-name/);
  await grid.getByRole('button', { name: text('members.since') }).click();
  // The two of the list became known at once, and the vendor's clock says when the other did.
  const added = grid.getByRole('row').filter({ hasText: '15550100087' });
  await expect(page).toHaveURL(/[?&]sort=since/);
  await expect(grid.getByRole('columnheader', { name: text('members.since') })).toHaveAttribute('aria-sort', 'ascending');
  const place = Number(await added.getAttribute('aria-rowindex'));
  expect([2, 4]).toContain(place);
  await grid.getByRole('button', { name: text('members.since') }).click();
  await expect(page).toHaveURL(/[?&]sort=-since/);
  await expect(added).toHaveAttribute('aria-rowindex', String(6 - place));

  await listed.click();
  await expect(page.getByRole('complementary', { name: 'Bo Listed' })).toBeVisible();
  await page.getByRole('complementary', { name: 'Bo Listed' }).getByRole('button', { name: text('ui.close') }).press('Escape');
  await page.getByRole('searchbox', { name: text('members.search_known') }).fill('conference');
  await expect(grid.getByRole('rowheader')).toHaveText([/Bo Listed/]);
  await listed.getByRole('checkbox').click();
  const bar = page.getByRole('region', { name: text('directory.selection') });
  await expect(bar).toContainText(text('directory.selected', { count: 1 }));
  const started = page.waitForEvent('download');
  await bar.getByRole('button', { name: text('directory.export') }).click();
  expect(await readFile((await (await started).path())!, 'utf8')).toContain('3fffffff-0000-4000-8000-00000000abcd,Bo Listed');
  await bar.getByRole('button', { name: text('members.add_to_community') }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Bo Listed' })).toBeVisible();
});
