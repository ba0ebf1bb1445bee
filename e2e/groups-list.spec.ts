// Many groups created from a list: read, checked, sent, and what stays when some cannot be created.
import { writeFile } from 'node:fs/promises';
import { violations } from './support/axe';
import { addMore, expectOver, expectRow, pickGroup } from './support/compose';
import { connect, section } from './support/connect';
import { hold, makeGroup, scopesOf } from './support/sandbox';
import { expect, test, type Page } from './support/test';
import { text } from './support/text';

/** Opens the form from the list of groups. */
async function openForm(page: Page) {
  await section(page, 'groups');
  await page.getByRole('link', { name: text('groups.from_list') }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('groups.list_title') })).toBeVisible();
}

/** The box with the list. */
function box(page: Page) {
  return page.getByLabel(text('groups.list_box'));
}

/** A row of the table below the list, by a text in it. */
function listed(page: Page, words: string) {
  return page.getByRole('grid', { name: text('groups.list_rows') }).getByRole('row').filter({ hasText: words });
}

/** The button that creates this many groups. */
function create(page: Page, count: number) {
  return page.getByRole('button', { name: text('plan.create_groups', { count }), exact: true });
}

/** Chooses files one right after the other, then types, if anything. Resolves once all files can have been read. */
async function chooseAtOnce(page: Page, files: string[], typed?: string) {
  const upload = await page.getByLabel(text('import.file'), { exact: true }).elementHandle();
  const list = await box(page).elementHandle();
  await page.evaluate(async ({ upload, list, files, typed }) => {
    const chosen = files.map(content => new File([content], 'groups.csv', { type: 'text/csv' }));
    for (const file of chosen) {
      const items = new DataTransfer();
      items.items.add(file);
      (upload as HTMLInputElement).files = items.files;
      upload!.dispatchEvent(new Event('change', { bubbles: true }));
    }
    if (typed !== undefined) {
      (list as HTMLTextAreaElement).value = typed;
      list!.dispatchEvent(new Event('input', { bubbles: true }));
    }
    for (const file of chosen) await file.arrayBuffer();
  }, { upload, list, files, typed });
}

test('the file that was chosen last is read, and none replaces what is typed meanwhile', async ({ page, key, mark }) => {
  await connect(page, 'CometChat', { key });
  await openForm(page);
  // The second one is read first.
  const large = `Name,ID,Description\nOwls,${mark}-owls,${'x'.repeat(4_000_000)}\n`;
  await chooseAtOnce(page, [large, `Name,ID\nFoxes,${mark}-foxes\n`]);
  await expect(box(page)).toHaveValue(`Name,ID\nFoxes,${mark}-foxes\n`);
  await expect(listed(page, `${mark}-foxes`)).toBeVisible();

  const typed = `Name,ID\nHares,${mark}-hares\n`;
  await chooseAtOnce(page, [`Name,ID\nOwls,${mark}-owls\n`], typed);
  await expect(listed(page, `${mark}-hares`)).toBeVisible();
  await expect(box(page)).toHaveValue(typed);
});

test('CometChat: a list is checked row by row, and what can be created is', async ({ page, key, mark, request }) => {
  await makeGroup(request, `${mark}-there`);
  await connect(page, 'CometChat', { key });
  await openForm(page);
  await expect(page.getByRole('button', { name: text('groups.create'), exact: true })).toHaveAccessibleDescription(text('groups.list_empty'));
  await box(page).fill([
    'Name,ID,Type,Password,Description,Tags,Members,Colour',
    `Trail runners,${mark}-trail,private,,"Up, and down","fast, far","fan-061, fan-062",red`,
    `Owls,${mark}-OWLS,,hoot,,,,`,
    `Here before,${mark}-there,,,,,,`,
    `,${mark}-nameless,,,,,,`,
    'No id,,,,,,,',
    `Bad id,${mark} bad!,,,,,,`,
    `Locked,${mark}-locked,password,,,,,`,
    `Odd,${mark}-odd,secret,,,,,`,
    `Trail runners,${mark}-trail,private,,"Up, and down","fast, far","fan-061, fan-062",red`,
  ].join('\n'));

  await expect(listed(page, `${mark}-nameless`)).toContainText(text('groups.list_name_missing'));
  await expect(listed(page, 'No id')).toContainText(text('groups.list_id_missing'));
  await expect(listed(page, 'Bad id')).toContainText(text('problems.bad_id_meant', { vendor: 'CometChat', found: `${mark}-bad` }));
  await expect(listed(page, `${mark}-locked`)).toContainText(text('groups.list_password_missing'));
  await expect(listed(page, `${mark}-odd`)).toContainText(text('groups.list_access_bad', { word: 'secret' }));
  await expect(listed(page, `${mark}-there`)).toContainText(text('groups.list_exists'));
  await expect(page.getByText(text('groups.list_unused', { columns: 'Colour' }))).toBeVisible();
  await expect(page.getByText(text('groups.list_passwords'))).toBeVisible();
  await expect(page.getByText(text('plan.groups_exist', { count: 1 }))).toBeVisible();
  expect(await violations(page)).toEqual([]);

  // The whole of what is said about a row is below the table.
  await listed(page, `${mark}-owls`).click();
  await expect(page.getByRole('status').filter({ hasText: text('import.line_n', { n: '3' }) }))
    .toContainText(text('problems.folded_case', { vendor: 'CometChat', found: `${mark}-owls` }));

  await create(page, 2).click();
  await expectOver(page);
  await expectRow(page, 'Trail runners', 'done');
  await expectRow(page, 'Owls', 'done');
  await expectRow(page, 'Here before', 'same');
  expect(await scopesOf(request, `${mark}-trail`)).toMatchObject({ 'fan-061': 'participant', 'fan-062': 'participant' });

  // What could not be created stays as it was typed, below its header.
  await addMore(page);
  await expect(box(page)).toHaveValue([
    'Name,ID,Type,Password,Description,Tags,Members,Colour',
    `,${mark}-nameless,,,,,,`,
    'No id,,,,,,,',
    `Bad id,${mark} bad!,,,,,,`,
    `Locked,${mark}-locked,password,,,,,`,
    `Odd,${mark}-odd,secret,,,,,`,
  ].join('\n'));
});

test('CometChat: a group that the vendor refuses stays in the list', async ({ page, key, mark, request, quiet }) => {
  quiet.statuses(409);
  await connect(page, 'CometChat', { key });
  await openForm(page);
  await box(page).fill(`First,${mark}-1\nSecond,${mark}-2`);
  await expect(listed(page, `${mark}-2`)).toBeVisible();
  await expect(create(page, 2)).toHaveAccessibleDescription('');
  // Another person creates it after the list was read.
  await makeGroup(request, `${mark}-2`);
  await create(page, 2).click();
  await expectOver(page);
  await expectRow(page, 'First', 'done');
  await expectRow(page, 'Second', 'refused', text('errors.cometchat.err_guid_already_exists.meaning'));
  await addMore(page);
  await expect(box(page)).toHaveValue(`Second,${mark}-2`);
  // The groups were read again, so it is no error any more.
  await expect(listed(page, `${mark}-2`)).toContainText(text('groups.list_exists'));
});

test('CometChat: a list that is opened again while its groups are created is busy, and loses them in the end', async ({ page, key, mark, request }) => {
  await connect(page, 'CometChat', { key });
  await openForm(page);
  await box(page).fill(`First,${mark}-1\nSecond,${mark}-2`);
  await expect(listed(page, `${mark}-2`)).toBeVisible();
  await expect(create(page, 2)).toHaveAccessibleDescription('');
  const release = await hold(request, `${mark}-1`);
  await create(page, 2).click();
  await addMore(page);
  await expect(box(page)).toHaveValue(`First,${mark}-1\nSecond,${mark}-2`);
  await expect(page.locator('.compose-foot [aria-busy=true]')).toHaveCount(1);
  await release();
  await expect(box(page)).toHaveValue('');
  await expect(page.locator('.compose-foot [aria-busy=true]')).toHaveCount(0);
});

test('CometChat: a file is read, and the list is kept without its passwords', async ({ page, key, mark }, info) => {
  await connect(page, 'CometChat', { key });
  await openForm(page);
  const path = info.outputPath('groups.csv');
  await writeFile(path, `name;id;password\r\nOwls;${mark}-owls;hoot\r\n`);
  await page.getByLabel(text('import.file'), { exact: true }).setInputFiles(path);
  await expect(listed(page, 'Owls')).toContainText(text('groups.access_password'));
  await expect(create(page, 1)).toBeVisible();

  await section(page, 'members');
  await openForm(page);
  await expect(box(page)).toHaveValue(`name;id;password\nOwls;${mark}-owls;\n`);
  await page.getByRole('button', { name: text('unsent.discard') }).click();
  await expect(box(page)).toHaveValue('');

  await writeFile(path, Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0]));
  await page.getByLabel(text('import.file'), { exact: true }).setInputFiles(path);
  await expect(page.getByRole('alert').filter({ hasText: text('groups.list_file_bad') })).toBeVisible();
});

test('CometChat: rows are filtered by what becomes of them, and opened with keys', async ({ page, key, mark }) => {
  await connect(page, 'CometChat', { key });
  await openForm(page);
  const rows = Array.from({ length: 300 }, (_, n) => `Walk ${n},${mark}-${n}`);
  await box(page).fill([...rows, 'No id here'].join('\n'));
  const grid = page.getByRole('grid', { name: text('groups.list_rows') });
  await expect(grid).toHaveAttribute('aria-rowcount', '302');
  await page.getByRole('radio', { name: text('add.n_not_usable', { count: 1 }) }).check();
  await expect(grid).toHaveAttribute('aria-rowcount', '2');
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: text('import.line_n', { n: '301' }) })).toBeVisible();
});

test('Genuin: groups of a list get ids, belong to a community, and are remembered', async ({ page, key }) => {
  await connect(page, 'Genuin', { key });
  await openForm(page);
  await box(page).fill('Name\nWeekend\nEvening\n');
  await expect(listed(page, 'Weekend')).toContainText(text('groups.why_community'));
  await pickGroup(page, '10000000-0000-4000-8000-000000000001', 'community');
  await create(page, 2).click();
  await expectOver(page);
  await expectRow(page, 'Weekend', 'done');
  await expectRow(page, 'Evening', 'done');
  await addMore(page);
  await expect(box(page)).toHaveValue('');
  await section(page, 'groups');
  await expect(page.getByRole('link', { name: 'Weekend' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Evening' })).toBeVisible();
});
