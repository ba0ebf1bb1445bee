// Groups: listed, created, changed, deleted; known groups for vendors that list none.
import { expect, test } from './support/test';
import { connect, groupAction, rail, section } from './support/connect';
import { expectRow, pastePeople } from './support/compose';
import { makeGroup, makeGroups } from './support/sandbox';
import { text } from './support/text';

test('CometChat: a group is found, created, changed and deleted', async ({ page, key, mark }) => {
  await connect(page, 'CometChat', { key });
  await section(page, 'groups');
  const search = page.getByRole('searchbox', { name: text('groups.search') });
  await search.fill('superhero');
  const grid = page.getByRole('grid', { name: text('groups.title') });
  await expect(grid.getByRole('row').filter({ hasText: 'superhero-fans' })).toBeVisible();

  await test.step('create', async () => {
    await page.getByRole('link', { name: text('groups.new_group') }).click();
    const create = page.getByRole('button', { name: text('groups.create'), exact: true });
    await expect(create).toHaveAttribute('aria-disabled', 'true');
    await page.getByLabel(text('groups.name')).fill('Made here');
    await page.getByLabel(text('groups.id'), { exact: true }).fill('Not An Id!');
    await expect(page.getByText(text('groups.bad_id'))).toBeVisible();
    await page.getByLabel(text('groups.id'), { exact: true }).fill(mark);
    await pastePeople(page, 'fan-061\nfan-062');
    await create.click();
    await expect(page.getByText(text('groups.created'))).toBeVisible();
    await page.getByRole('navigation', { name: text('shell.where_you_are') }).getByRole('link', { name: text('groups.crumb') }).click();
    await search.fill(mark);
    await grid.getByRole('row').filter({ hasText: mark }).getByRole('link', { name: 'Made here' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Made here' })).toBeVisible();
  });

  await test.step('change', async () => {
    await groupAction(page, 'edit');
    const save = page.getByRole('button', { name: text('groups.save') });
    await expect(save).toHaveAttribute('aria-disabled', 'true');
    await page.getByLabel(text('groups.name')).fill('Changed here');
    await save.click();
    await expect(page.getByRole('heading', { level: 1, name: 'Changed here' })).toBeVisible();
  });

  await test.step('delete', async () => {
    await groupAction(page, 'delete');
    const dialog = page.getByRole('dialog');
    const really = dialog.getByRole('button', { name: text('groups.delete_now') });
    await expect(really).toHaveAttribute('aria-disabled', 'true');
    // The id is marked as data and appears only once: a translation must not change what has to be typed.
    await expect(dialog.getByText(mark, { exact: true })).toHaveAttribute('translate', 'no');
    await expect(dialog.getByText(mark)).toHaveCount(1);
    const typed = dialog.getByLabel(text('groups.delete_type'));
    await expect(typed).toHaveAccessibleDescription(mark);
    await typed.fill(mark);
    await really.click();
    await expect(page.getByText(text('groups.deleted'), { exact: true })).toBeVisible();
    await page.getByRole('link', { name: text('groups.to_list') }).click();
    await page.getByRole('searchbox').fill(mark);
    await expect(page.getByText(text('groups.no_match_title'))).toBeVisible();
  });
});

test('CometChat: a long list is searched, sorted, filtered and opened with keys, and the address tells it', async ({ page, key, mark, request }) => {
  await makeGroups(request, mark, 120);
  await connect(page, 'CometChat', { key });
  await section(page, 'groups');
  const grid = page.getByRole('grid', { name: text('groups.title') });
  const names = grid.getByRole('rowheader');
  await page.getByRole('searchbox', { name: text('groups.search') }).fill(`OF ${mark}`);
  await expect(grid).toHaveAttribute('aria-rowcount', '121');
  expect(await grid.getByRole('row').count()).toBeLessThan(60);
  // Numbers in names are compared as numbers.
  await expect(names.nth(0)).toHaveText(`Walk 1 of ${mark}`);
  await expect(names.nth(1)).toHaveText(`Walk 2 of ${mark}`);
  await grid.focus();
  await page.keyboard.press('End');
  await expect(names.last()).toHaveText(`Walk 120 of ${mark}`);

  await grid.getByRole('button', { name: text('groups.name') }).click();
  await expect(grid.getByRole('columnheader', { name: text('groups.name') })).toHaveAttribute('aria-sort', 'descending');
  await expect(page).toHaveURL(/[?&]sort=-name/);
  await page.getByRole('combobox', { name: text('groups.access') }).selectOption('private');
  await expect(grid).toHaveAttribute('aria-rowcount', '41');
  await expect(names.first()).toHaveText(`Walk 120 of ${mark}`);
  await expect(names.first().getByRole('link')).toHaveAttribute('href', new RegExp(`/groups/${mark}-120$`));
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(url => url.pathname.endsWith(`/groups/${mark}-117`));

  await page.goBack();
  await expect(grid).toHaveAttribute('aria-rowcount', '41');
  await names.nth(2).getByRole('link').click();
  await expect(page).toHaveURL(url => url.pathname.endsWith(`/groups/${mark}-114`));
  // The link was followed once.
  await page.goBack();
  await expect(grid).toHaveAttribute('aria-rowcount', '41');
});

test('CometChat: a group that the list lacks is found by the vendor', async ({ page, key }) => {
  await connect(page, 'CometChat', { key });
  await section(page, 'groups');
  const rows = page.getByRole('grid', { name: text('groups.title') }).getByRole('row');
  await expect(rows.nth(1)).toBeVisible();
  // The sandbox lists the groups that provoke errors only if they are searched.
  await page.getByRole('searchbox', { name: text('groups.search') }).fill('group-delete-failed');
  await expect(rows.filter({ hasText: 'group-delete-failed' })).toBeVisible();
});

test('CometChat: a list that cannot be read says so and offers to try again', async ({ page, quiet }) => {
  quiet.statuses(500);
  await connect(page, 'CometChat', { key: 'server-error-key' });
  await section(page, 'groups');
  await expect(page.getByRole('main')).toContainText(text('errors.cometchat.err_exception.meaning'));
  await expect(page.getByRole('button', { name: text('ui.try_again') })).toBeVisible();
});

test('CometChat: an id that exists is refused', async ({ page, key, mark, request, quiet }) => {
  quiet.statuses(409);
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'groups');
  await page.getByRole('link', { name: text('groups.new_group') }).click();
  await page.getByLabel(text('groups.name')).fill('Twice');
  await page.getByLabel(text('groups.id'), { exact: true }).fill(mark);
  await page.getByRole('button', { name: text('groups.create'), exact: true }).click();
  await expectRow(page, 'Twice', 'refused', text('errors.cometchat.err_guid_already_exists.meaning'));
});

test('Genuin: a group is created in a community, and people go in and out by id', async ({ page, key }) => {
  await connect(page, 'Genuin', { key });
  await section(page, 'groups');
  await expect(page.getByText(text('groups.known_only', { vendor: 'Genuin' }))).toBeVisible();
  await page.getByRole('link', { name: text('groups.new_group') }).click();
  const community = page.getByRole('combobox', { name: text('groups.pick_community') });
  await community.fill('10000000-0000-4000-8000-000000000001');
  await community.press('Tab');
  await page.getByLabel(text('groups.name')).fill('Weekend');
  await page.getByRole('button', { name: text('groups.create'), exact: true }).click();
  await expect(page.getByText(text('groups.created'))).toBeVisible();
  await page.getByRole('link', { name: text('groups.open') }).click();

  const add = page.getByRole('textbox', { name: new RegExp(`^${text('groups.box_add')}`) });
  await add.fill('30000000-0000-4000-8000-000000000005');
  await add.press('Enter');
  await page.getByRole('button', { name: text('scopes.send', { count: 1 }) }).click();
  await expectRow(page, '30000000-0000-4000-8000-000000000005', 'done');
});

test('Genuin: a community is created', async ({ page, key, mark }) => {
  await connect(page, 'Genuin', { key });
  await section(page, 'groups');
  await page.getByRole('link', { name: text('groups.new_community') }).click();
  await page.getByLabel(text('groups.name')).fill('New community');
  await page.getByLabel(text('groups.handle')).fill(mark);
  await page.getByRole('button', { name: text('groups.create_community') }).click();
  await expect(page.getByText(text('groups.created_community'))).toBeVisible();
});

test('Networked offers no groups', async ({ page, key }) => {
  await connect(page, 'Networked', { key, name: 'Guild' });
  await expect(rail(page).getByRole('link', { name: text('shell.section_members') })).toBeVisible();
  await expect(rail(page).getByRole('link', { name: text('shell.section_groups') })).toHaveCount(0);
});
