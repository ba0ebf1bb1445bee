// The summary of the ledger: charts with their tables, which count what is shown.
import { expect, test, type Page } from './support/test';
import { go } from './support/connect';
import { addThree, append, fits, longer, saved } from './support/ledger';
import { expectSound, wider } from './support/looks';
import { text } from './support/text';

const DAY = 86_400_000;
const toggle = (page: Page) => page.getByRole('button', { name: text('ledger.summary'), exact: true });
const chart = (page: Page, name: string) => page.getByRole('img', { name, exact: true });
const found = (page: Page, found: string, all: string) => page.getByText(text('ledger.n_of', { found, all }), { exact: true });
const add = () => text('ledger.op_add_to_group');

/** Opens a table of the summary. */
async function openTable(page: Page, which: 'outcomes' | 'authors' | 'scopes') {
  await page.getByRole('button', { name: text(`ledger.${which}_table`), exact: true }).click();
}

/** The cells of a table by its caption, without its head. */
function cells(page: Page, caption: string) {
  const table = page.getByRole('table', { name: caption, exact: true });
  return async () => {
    const rows = await table.getByRole('row').all();
    const texts = rows.map(async row => (await row.locator('th, td').allInnerTexts()).map(cell => cell.trim()));
    return (await Promise.all(texts)).slice(1);
  };
}

/** Stores entries so that there are `count`, spread over days after those that are there, and verifies them. */
async function spread(page: Page, count: number, days: number) {
  const { content } = await saved(page, text('ledger.export_lines'));
  await append(page, longer(content, count, seq => Math.floor((seq * days) / count) * DAY));
  await page.getByRole('button', { name: text('ledger.verify') }).click();
  await expect(fits(page, count)).toBeVisible({ timeout: 60_000 });
}

test('the charts and their tables count what was done, and follow the filters', async ({ page, key, mark, request }) => {
  await addThree(page, key, mark, request);
  await expect(chart(page, text('ledger.by_day'))).toHaveCount(0);
  await toggle(page).click();
  await expect(page).toHaveURL(/[?&]summary=open/);
  await expect(chart(page, text('ledger.by_day'))).toBeVisible();
  await expect(page.getByText(text('ledger.summary_of', { count: 3 }))).toBeVisible();
  const [outcomes, authors, scopes] = ['by_day', 'by_author', 'by_scope'].map(name => cells(page, text(`ledger.${name}`)));
  await openTable(page, 'outcomes');
  await openTable(page, 'authors');
  await openTable(page, 'scopes');
  await expect.poll(outcomes).toEqual([[expect.any(String), '2', '0', '1', '0', '0']]);
  await expect.poll(authors).toEqual([[expect.any(String), add(), '3']]);
  await expect.poll(scopes).toEqual([[expect.any(String), text('common.scope_participant'), '2']]);
  await expect(chart(page, `${add()}: 3`)).toBeVisible();
  await expect(chart(page, `${text('common.scope_participant')}: 2`)).toBeVisible();
  await expectSound(page, 'ledger-charts');

  await test.step('a filter and a search change them, and their tables stay open', async () => {
    await page.getByLabel(text('run.col_outcome'), { exact: true }).selectOption('refused');
    await expect.poll(outcomes).toEqual([[expect.any(String), '0', '0', '1', '0', '0']]);
    await expect.poll(authors).toEqual([[expect.any(String), add(), '1']]);
    await expect(page.getByText(text('ledger.by_scope_none'))).toBeVisible();
    await page.getByRole('listitem').getByRole('button', { name: /^Remove filter/ }).click();
    await page.getByRole('searchbox', { name: text('activity.search') }).fill('fan-302');
    await expect.poll(outcomes).toEqual([[expect.any(String), '1', '0', '0', '0', '0']]);
    await expect.poll(scopes).toEqual([[expect.any(String), text('common.scope_participant'), '1']]);
  });

  await test.step('entries that are no changes have nothing to count', async () => {
    await page.getByRole('searchbox', { name: text('activity.search') }).fill('');
    await page.getByLabel(text('ledger.event'), { exact: true }).selectOption('ended');
    await expect(page.getByRole('heading', { name: text('ledger.summary_none') })).toBeVisible();
    await expectSound(page, 'ledger-charts-none');
  });

  await page.reload();
  await expect(page.getByRole('heading', { name: text('ledger.summary_none') })).toBeVisible();
  await toggle(page).click();
  await expect(page).not.toHaveURL(/summary=/);
  await expect(page.getByRole('heading', { name: text('ledger.summary_none') })).toHaveCount(0);
});

test('each day has a place, and a bar is chosen with the keyboard', async ({ page, key, mark, request }) => {
  await addThree(page, key, mark, request);
  // Three changes on day 0, none on day 1, two on each of the days 2 to 19.
  await spread(page, 40, 20);
  await toggle(page).focus();
  await page.keyboard.press('Enter');
  const bars = page.getByRole('group', { name: text('ledger.by_day'), exact: true }).first().getByRole('button');
  await expect(bars).toHaveCount(19);
  const outcomes = cells(page, text('ledger.by_day'));
  await openTable(page, 'outcomes');
  const rows = await outcomes();
  expect(rows).toHaveLength(20);
  expect(rows[18].slice(1), 'a day without entries').toEqual(['0', '0', '0', '0', '0']);
  const sum = rows.flatMap(row => row.slice(1)).reduce((sum, cell) => sum + Number(cell), 0);
  expect(sum).toBe(39);
  await expect(page.getByText(text('ledger.summary_of', { count: 39 }))).toBeVisible();

  await toggle(page).focus();
  await page.keyboard.press('Tab');
  await expect(bars.last()).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(bars.nth(17)).toBeFocused();
  await page.keyboard.press('Home');
  await expect(bars.first()).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(bars.first()).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/[?&]day=\d{4}-\d{2}-\d{2}(&|$)/);
  await expect(page.getByRole('heading', { name: text('ledger.by_day') })).toBeFocused();
  await expect.poll(outcomes).toEqual([rows[0]]);
  await expect(found(page, '2', '40')).toBeVisible();
  const day = rows[0][0];
  await expect(page.getByRole('button', { name: new RegExp(`${text('ledger.day')}.*${day}`) })).toBeVisible();
  await expectSound(page, 'ledger-charts-day');

  await test.step('so is a row of the table, an author and a connection', async () => {
    await page.getByRole('listitem').getByRole('button', { name: /^Remove filter/ }).click();
    await page.getByRole('table').getByRole('button', { name: rows[19][0], exact: true }).click();
    await expect.poll(outcomes).toEqual([rows[19]]);
    await page.getByRole('listitem').getByRole('button', { name: /^Remove filter/ }).click();
    await page.getByRole('region', { name: text('ledger.by_author') }).getByRole('button', { name: /^Show only / }).click();
    await expect(page).toHaveURL(/[?&]by=[0-9a-f]{64}/);
    await page.getByRole('region', { name: text('ledger.by_scope') }).getByRole('button', { name: /^Show only / }).click();
    await expect(page).toHaveURL(/[?&]connection=/);
    await expect(found(page, '40', '40')).toBeVisible();
  });

  await test.step('a date of a link that is none shows nothing', async () => {
    await go(page, 'activity');
    const shown = new URL(page.url());
    shown.search = '?day=2026-13-45';
    await page.goto(shown.toString());
    await expect(page.getByRole('heading', { name: text('activity.none_found_title') })).toBeVisible();
  });
});

test('a hundred thousand changes of seven months are counted by month', async ({ page, key, mark, request }) => {
  test.slow();
  await addThree(page, key, mark, request);
  await spread(page, 100_000, 210);
  await toggle(page).click();
  await expect(chart(page, text('ledger.by_month'))).toBeVisible();
  await expect(page.getByText(text('ledger.by_month_why'))).toBeVisible();
  await openTable(page, 'outcomes');
  const rows = await cells(page, text('ledger.by_month'))();
  expect(rows.length).toBeGreaterThanOrEqual(7);
  const sum = rows.flatMap(row => row.slice(1)).reduce((sum, cell) => sum + Number(cell.replaceAll(',', '')), 0);
  expect(sum).toBe(99_999);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await wider(page)).toEqual([]);
});

test('the actions of the page stand below its title on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/activity');
  const title = page.getByRole('heading', { level: 1, name: text('activity.title') });
  const action = page.getByRole('button', { name: text('ledger.import'), exact: true });
  await expect(action).toBeVisible();
  const [above, below] = [await title.boundingBox(), await action.boundingBox()];
  expect(above!.y + above!.height).toBeLessThanOrEqual(below!.y);
});
