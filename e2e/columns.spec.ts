// The view of a list: its columns, their order, the density, and pages for screen readers.
import { expect, test, type Page } from './support/test';
import { go } from './support/connect';
import { wider } from './support/looks';
import { addSamples } from './support/screens';
import { text } from './support/text';

const GUILD = '/c/founders-guild/members';
const CITY = '/c/superhero-fans/groups/metropolis';

const members = (page: Page) => page.getByRole('grid', { name: text('members.title') });
const matrix = (page: Page) => page.getByRole('grid', { name: text('scopes.table') });
const popup = (page: Page) => page.getByRole('dialog', { name: text('ui.view') });
const column = (page: Page, name: string) => popup(page).getByRole('checkbox', { name: text(name), exact: true });
const pages = (page: Page) => page.getByRole('navigation', { name: text('ui.pages'), exact: true });

/** The headings that are shown, without the checkbox for all rows. */
const headings = (page: Page) => members(page).getByRole('columnheader').filter({ hasNotText: /^$/ });

/** Opens the view of the list, whose first control has the focus then. */
async function openView(page: Page) {
  await page.getByRole('button', { name: text('ui.view'), exact: true }).click();
  await expect(popup(page).getByRole('checkbox').first()).toBeFocused();
}

const names = (...keys: string[]) => keys.map(key => text(`members.${key}`));

test('columns are hidden and moved with the mouse, in heads and rows alike, and stay so', async ({ page }) => {
  await addSamples(page);
  await page.goto(GUILD);
  await expect(members(page).getByRole('row').nth(1)).toContainText('@');
  await expect(headings(page)).toContainText(names('name', 'email', 'role'));
  const at = await headings(page).filter({ hasText: text('members.role') }).getAttribute('aria-colindex');
  const role = await members(page).getByRole('row').nth(1).locator(`[aria-colindex="${at}"]`).textContent();
  await openView(page);
  // The person always comes first.
  await expect(column(page, 'members.name')).toHaveCount(0);
  await column(page, 'members.email').uncheck();
  await expect(members(page).getByRole('columnheader', { name: text('members.email') })).toHaveCount(0);
  await expect(members(page).getByRole('row').nth(1)).toBeVisible();
  await expect(members(page).getByRole('gridcell').filter({ hasText: '@' })).toHaveCount(0);
  await column(page, 'members.email').check();
  const up = popup(page).getByRole('button', { name: text('ui.column_up', { name: text('members.role') }) });
  for (let left = 5; left > 0 && await up.isVisible(); left -= 1) await up.click();
  await page.keyboard.press('Escape');
  await expect(popup(page)).toBeHidden();
  const reordered = async () => {
    await expect(headings(page).nth(1)).toHaveText(text('members.role'));
    await expect(headings(page).nth(1)).toHaveAttribute('aria-colindex', '3');
    const second = members(page).getByRole('row').nth(1).locator('[aria-colindex="3"]');
    await expect(second).toHaveText(role ?? '');
    const [head, cell] = await Promise.all([headings(page).nth(1).boundingBox(), second.boundingBox()]);
    expect(Math.abs((head?.x ?? 0) - (cell?.x ?? 1))).toBeLessThan(1);
  };
  await reordered();
  await page.reload();
  await expect(members(page).getByRole('row').nth(1)).toContainText('@');
  await reordered();

  await openView(page);
  await popup(page).getByRole('button', { name: text('ui.columns_reset') }).click();
  await expect(page.getByText(text('ui.columns_reset_done'))).toBeAttached();
  await expect(headings(page).nth(1)).toHaveText(text('members.email'));
});

test('the view is used with the keyboard alone, and what was done is said', async ({ page }) => {
  await addSamples(page);
  await page.goto(GUILD);
  await expect(members(page).getByRole('row').nth(1)).toContainText('@');
  const button = page.getByRole('button', { name: text('ui.view'), exact: true });
  await button.press('Enter');
  const email = column(page, 'members.email');
  await expect(email).toBeFocused();
  await page.keyboard.press('Space');
  await expect(email).not.toBeChecked();
  await expect(page.getByText(text('ui.column_hidden', { name: text('members.email') }))).toBeAttached();
  await page.keyboard.press('Space');
  await expect(email).toBeChecked();
  // The first of the columns only moves down; the focus moves with it.
  await page.keyboard.press('Tab');
  const down = popup(page).getByRole('button', { name: text('ui.column_down', { name: text('members.email') }) });
  await expect(down).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(headings(page).nth(2)).toHaveText(text('members.email'));
  await expect(popup(page).getByRole('checkbox').nth(1)).toHaveAccessibleName(text('members.email'));
  await expect(down).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(popup(page)).toBeHidden();
  await expect(button).toBeFocused();
});

test('a narrow list shows a chosen column by scrolling sideways', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await addSamples(page);
  await page.goto(GUILD);
  await expect(headings(page)).toContainText(names('name', 'email'));
  await openView(page);
  await expect(column(page, 'members.role')).not.toBeChecked();
  expect(await wider(page)).toEqual([]);
  await column(page, 'members.role').check();
  await page.keyboard.press('Escape');
  await expect(headings(page)).toContainText(names('name', 'email', 'role'));
  expect(await wider(page)).toEqual([]);
  expect(await members(page).evaluate(grid => grid.scrollWidth > grid.clientWidth)).toBe(true);
});

test('compact rows are lower, in every list', async ({ page }) => {
  await addSamples(page);
  await page.goto(GUILD);
  const row = members(page).getByRole('row').nth(1);
  await expect(row).toContainText('@');
  const before = (await row.boundingBox())?.height ?? 0;
  await openView(page);
  await popup(page).getByRole('radio', { name: text('settings.density_compact') }).check();
  await expect.poll(async () => (await row.boundingBox())?.height).toBeLessThan(before);
  await page.keyboard.press('Escape');
  await go(page, 'settings');
  await expect(page.getByRole('radio', { name: text('settings.density_compact') })).toBeChecked();
});

test('a list in pages has every row of a page in the document, and keys and buttons turn them', async ({ page }) => {
  await addSamples(page);
  await page.goto(CITY);
  await expect(matrix(page)).toHaveAttribute('aria-rowcount', '30001');
  await openView(page);
  await popup(page).getByRole('checkbox', { name: text('settings.pages') }).check();
  await page.keyboard.press('Escape');
  const rows = matrix(page).getByRole('row');
  const said = (first: string, last: string) => text('ui.rows_of', { first, last, total: '30,000' });
  await expect(rows).toHaveCount(51);
  await expect(pages(page)).toContainText(said('1', '50'));
  await expect(matrix(page)).toHaveAttribute('aria-rowcount', '30001');
  // Nothing of the page scrolls within the grid.
  expect(await matrix(page).evaluate(grid => grid.scrollHeight - grid.clientHeight)).toBeLessThanOrEqual(1);

  const next = pages(page).getByRole('button', { name: text('ui.next') });
  await next.click();
  await expect(pages(page)).toContainText(said('51', '100'));
  await expect(rows.nth(1)).toHaveAttribute('aria-rowindex', '52');
  await expect(matrix(page).getByRole('rowheader')).toHaveCount(50);
  await expect(next).toBeFocused();

  await matrix(page).focus();
  await expect(matrix(page)).toHaveAttribute('aria-activedescendant', /-50$/);
  await page.keyboard.press('ArrowUp');
  await expect(pages(page)).toContainText(said('1', '50'));
  await expect(rows.last()).toBeInViewport();
  await page.keyboard.press('Control+End');
  await expect(pages(page)).toContainText(said('29,951', '30,000'));
  await expect(next).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('region', { name: text('directory.selection') })).toContainText(text('directory.selected', { count: 30_000 }));

  await page.reload();
  await expect(rows).toHaveCount(51);
  await page.getByRole('searchbox', { name: text('scopes.find') }).fill('citizen 29998');
  await expect(matrix(page).getByRole('rowheader')).toHaveCount(1);
  await expect(pages(page)).toHaveCount(0);
});

test('erasing everything forgets columns and pages', async ({ page }) => {
  await addSamples(page);
  await page.goto(GUILD);
  await expect(members(page).getByRole('row').nth(1)).toContainText('@');
  await openView(page);
  await column(page, 'members.email').uncheck();
  await popup(page).getByRole('checkbox', { name: text('settings.pages') }).check();
  const stored = () => page.evaluate(() => Object.keys(localStorage).filter(key => /^muster\.(columns|pages)/.test(key)).sort());
  await expect.poll(stored).toEqual(['muster.columns.members', 'muster.pages']);
  await page.keyboard.press('Escape');
  await go(page, 'settings');
  await expect(page.getByRole('checkbox', { name: text('settings.pages') })).toBeChecked();
  await page.getByRole('button', { name: text('settings.erase'), exact: true }).click();
  await page.getByRole('dialog', { name: text('settings.erase_title') }).getByRole('button', { name: text('settings.erase_confirm'), exact: true }).click();
  await expect.poll(stored).toEqual([]);
  await expect(page.getByRole('checkbox', { name: text('settings.pages') })).not.toBeChecked();
});
