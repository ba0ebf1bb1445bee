// Groups: listed, created, changed, deleted; known groups for vendors that list none.
import { expect, test } from './support/test';
import { connect, groupAction, rail, section } from './support/connect';
import { expectRow, pastePeople } from './support/compose';
import { makeGroup } from './support/sandbox';
import { text } from './support/text';

test('CometChat: a group is found, created, changed and deleted', async ({ page, key, mark }) => {
  await connect(page, 'CometChat', { key });
  await section(page, 'groups');
  const search = page.getByRole('searchbox', { name: text('groups.search') });
  await search.fill('superhero');
  const table = page.getByRole('table', { name: text('groups.title') });
  await expect(table.getByRole('row').filter({ hasText: 'superhero-fans' })).toBeVisible();

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
    await page.getByRole('link', { name: text('groups.open') }).click();
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
