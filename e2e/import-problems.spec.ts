// The problems of an imported file as a grid: any number of them, opened, selected and mended.
import { writeFile } from 'node:fs/promises';
import { connect, section } from './support/connect';
import { citizens } from './support/sandbox';
import { expect, test, type Page } from './support/test';
import { text } from './support/text';

/** The step with the problems. */
function problems(page: Page) {
  return page.getByRole('region', { name: text('import.step', { n: '4', title: text('import.step_problems') }) });
}

/** The grid of the ids that are not valid. */
function grid(page: Page, count: number) {
  return problems(page).getByRole('grid', { name: text('import.problem_bad_id', { count }) });
}

/** Opens a file with three people, and this many rows without a valid id from line 5 on. */
async function openFile(page: Page, key: string, path: string, count: number) {
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await page.getByRole('link', { name: text('import.button') }).click();
  const bad = Array.from({ length: count }, (_, n) => `Nobody ${n},not an id ${n}!`);
  const good = citizens(3).map((uid, n) => `Person ${n},${uid}`);
  await writeFile(path, ['Name,User ID', ...good, ...bad].join('\n'));
  await page.getByLabel(text('import.file'), { exact: true }).setInputFiles(path);
  await expect(grid(page, count)).toHaveAttribute('aria-rowcount', String(count + 1));
}

/** The field for what is wrong in a line. */
function field(page: Page, line: number) {
  return problems(page).getByLabel(text('import.cell', { line: line.toLocaleString('en'), column: 'User ID' }));
}

test('ten thousand problems are one grid: the first one is open, and the last one is reached and mended', async ({ page, key }, info) => {
  test.slow();
  await openFile(page, key, info.outputPath('many.csv'), 10_000);
  await expect(field(page, 5)).toHaveValue('not an id 0!');
  expect(await grid(page, 10_000).getByRole('row').count()).toBeLessThan(80);
  await grid(page, 10_000).focus();
  await page.keyboard.press('ControlOrMeta+End');
  await expect(grid(page, 10_000).getByRole('rowheader').last()).toHaveText('10,004');
  await page.keyboard.press('Enter');
  await expect(field(page, 10_004)).toHaveValue('not an id 9999!');
  await field(page, 10_004).fill('citizen-00400');
  await problems(page).getByRole('button', { name: text('import.save'), exact: true }).click();
  await expect(grid(page, 9_999)).toHaveAttribute('aria-rowcount', '10000');
  // The row before it is the next one to mend.
  await expect(field(page, 10_003)).toBeFocused();
});

test('selected problems are left out, also all but some', async ({ page, key }, info) => {
  await openFile(page, key, info.outputPath('some.csv'), 200);
  const tick = (line: number, count: number) =>
    grid(page, count).getByRole('checkbox', { name: text('ui.select_named', { name: text('import.line_n', { n: String(line) }) }) });
  await tick(5, 200).click();
  await tick(7, 200).click({ modifiers: ['Shift'] });
  await expect(problems(page).getByRole('status').filter({ hasText: text('directory.selected', { count: 3 }) })).toBeVisible();
  await problems(page).getByRole('button', { name: text('import.leave_out_selected') }).click();
  await expect(grid(page, 197)).toHaveAttribute('aria-rowcount', '198');
  await expect(field(page, 8)).toBeVisible();

  await grid(page, 197).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await tick(9, 197).click();
  await expect(problems(page).getByRole('status').filter({ hasText: text('directory.selected', { count: 196 }) })).toBeVisible();
  await problems(page).getByRole('button', { name: text('import.leave_out_selected') }).click();
  await expect(grid(page, 1)).toHaveAttribute('aria-rowcount', '2');
  await expect(field(page, 9)).toHaveValue('not an id 4!');
});

test('a row is opened with a click, and closed with another', async ({ page, key }, info) => {
  await openFile(page, key, info.outputPath('few.csv'), 4);
  const row = grid(page, 4).getByRole('row').filter({ hasText: 'not an id 2!' });
  await row.click();
  await expect(field(page, 7)).toBeVisible();
  await expect(field(page, 5)).toHaveCount(0);
  await row.click();
  await expect(field(page, 7)).toHaveCount(0);
});

test('what is selected stays while another row is mended, and the mended one is no longer selected', async ({ page, key }, info) => {
  await openFile(page, key, info.outputPath('mended.csv'), 9);
  const tick = (line: number, count: number) =>
    grid(page, count).getByRole('checkbox', { name: text('ui.select_named', { name: text('import.line_n', { n: String(line) }) }) });
  const selected = (count: number) => problems(page).getByRole('status').filter({ hasText: text('directory.selected', { count }) });
  for (const line of [5, 7, 8]) await tick(line, 9).click();
  await expect(selected(3)).toBeVisible();
  await field(page, 5).fill('citizen-00400');
  await problems(page).getByRole('button', { name: text('import.save'), exact: true }).click();
  await expect(grid(page, 8)).toHaveAttribute('aria-rowcount', '9');
  await expect(selected(2)).toBeVisible();
  await problems(page).getByRole('button', { name: text('import.leave_out_selected') }).click();
  await expect(grid(page, 6)).toHaveAttribute('aria-rowcount', '7');
});
