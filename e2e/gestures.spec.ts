// Every gesture of a grid, with the keyboard and with the mouse, in both themes, on a desktop and on a phone.
import { expect, test, type Page } from './support/test';
import { addSamples } from './support/screens';
import { text } from './support/text';

const LOOKS = (['light', 'dark'] as const).flatMap(colorScheme => [
  { colorScheme, size: { width: 1280, height: 800 } },
  { colorScheme, size: { width: 360, height: 740 } },
]);

const matrix = (page: Page) => page.getByRole('grid', { name: text('scopes.table') });
const bar = (page: Page) => page.getByRole('region', { name: text('directory.selection') });
const find = (page: Page) => page.getByRole('searchbox', { name: text('scopes.find') });
const row = (page: Page, place: number) => matrix(page).locator(`.vbody > [aria-rowindex="${place + 2}"]`);
const tick = (page: Page, place: number) => row(page, place).getByRole('checkbox');
const selected = (page: Page, count: number) => expect(bar(page)).toContainText(text('directory.selected', { count }));

/** Expects the cursor in this row of the list, marked, and neither under the head nor below the edge. */
async function expectAt(page: Page, place: number) {
  await expect(row(page, place)).toHaveClass(/is-cursor/);
  await expect(matrix(page)).toHaveAttribute('aria-activedescendant', await row(page, place).getAttribute('id') ?? 'none');
  const seen = await row(page, place).evaluate(row => {
    const grid = row.closest('.vgrid') as HTMLElement;
    const head = grid.querySelector('.vhead') as HTMLElement;
    const { top, bottom } = row.getBoundingClientRect();
    const { outlineStyle, outlineColor, backgroundColor } = getComputedStyle(row);
    return {
      above: head.getBoundingClientRect().bottom - top,
      below: bottom - grid.getBoundingClientRect().top - grid.clientTop - grid.clientHeight,
      isMarked: outlineStyle !== 'none' && outlineColor !== backgroundColor,
    };
  });
  // A pixel, because rows may end between two.
  expect(seen.above, 'above the rows in view').toBeLessThanOrEqual(1);
  expect(seen.below, 'below the rows in view').toBeLessThanOrEqual(1);
  expect(seen.isMarked, 'the cursor is visible').toBe(true);
}

/** Opens a group that is longer than the screen, and returns the number of its people. */
async function openMatrix(page: Page): Promise<number> {
  await addSamples(page);
  await page.goto('/c/superhero-fans/groups/superhero-fans');
  await expect(page.getByRole('button', { name: text('scopes.read_again') })).not.toHaveAttribute('aria-busy', 'true');
  await expect(row(page, 0)).toBeVisible();
  // Who was read last is shown a moment after the reading has ended.
  await expect(page.getByText(/^([\d,]+) of \1 people/)).toBeVisible();
  return Number(await matrix(page).getAttribute('aria-rowcount')) - 1;
}

for (const { colorScheme, size } of LOOKS) {
  const look = `${colorScheme}, ${size.width} pixels`;

  test(`${look}: the keyboard moves, selects, sorts and marks`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    const n = await openMatrix(page);
    const press = (keys: string) => page.keyboard.press(keys);

    await test.step('by rows, pages and to both ends', async () => {
      await find(page).focus();
      await matrix(page).focus();
      await expectAt(page, 0);
      await press('ArrowDown');
      await expectAt(page, 1);
      await press('PageDown');
      const at = Number(await matrix(page).locator('.is-cursor').getAttribute('aria-rowindex')) - 2;
      expect(at).toBeGreaterThan(1);
      await expectAt(page, at);
      await press('PageUp');
      await expectAt(page, 1);
      await press('ArrowUp');
      await expectAt(page, 0);
      await press('Control+End');
      await expectAt(page, n - 1);
      await press('ArrowDown');
      await expectAt(page, n - 1);
      await press('Control+Home');
      await expectAt(page, 0);
    });

    await test.step('the cursor stays where it is while the list is scrolled', async () => {
      await matrix(page).evaluate(grid => grid.scrollTo(0, 4_000));
      await expect(row(page, 0)).toHaveCount(0);
      await expect(matrix(page)).toBeFocused();
      await expect(matrix(page)).not.toHaveAttribute('aria-activedescendant');
      await press('ArrowDown');
      await expectAt(page, 1);
    });

    await test.step('Space, Shift and Control+A select', async () => {
      await press('Space');
      await expect(row(page, 1)).toHaveAttribute('aria-selected', 'true');
      await press('Shift+ArrowDown');
      await press('Shift+ArrowDown');
      await selected(page, 3);
      await press('ArrowDown');
      await press('ArrowDown');
      await press('Shift+Space');
      await selected(page, 5);
      await press('Control+a');
      await selected(page, n);
      await press('Space');
      await selected(page, n - 1);
      await expect(tick(page, 5)).not.toBeChecked();
    });

    await test.step('cells are reached, and mark a scope', async () => {
      await press('End');
      await expect(matrix(page).locator('[data-cursor]')).toHaveCount(1);
      await press('Home');
      await expect(row(page, 5)).toHaveClass(/is-cursor/);
      await press('ArrowRight');
      await press('ArrowRight');
      const cell = row(page, 5).locator('[data-cursor]').getByRole('radio');
      await expect(cell).toBeVisible();
      const was = await cell.isChecked();
      await press('Enter');
      await expect(cell).toBeChecked();
      const staged = page.getByRole('region', { name: text('scopes.staged') });
      await expect(staged).toHaveCount(was ? 0 : 1);
      await press('Home');
    });

    await test.step('a heading sorts', async () => {
      const heading = matrix(page).getByRole('button', { name: text('scopes.person') });
      if (!await heading.isVisible()) return; // a phone has no room for it
      await heading.focus();
      await press('Enter');
      await expect(heading).toBeFocused();
      await expect(matrix(page).getByRole('columnheader', { name: text('scopes.person') })).toHaveAttribute('aria-sort', 'descending');
    });

    await test.step('a search needs no accents, and takes what is composed as a whole', async () => {
      await find(page).focus();
      const input = await page.context().newCDPSession(page);
      await input.send('Input.imeSetComposition', { text: 'zoe', selectionStart: 3, selectionEnd: 3 });
      await input.send('Input.insertText', { text: 'ZOE' });
      await expect(find(page)).toHaveValue('ZOE');
      await expect(matrix(page).getByRole('rowheader').first()).toContainText('Zoë');
      await find(page).press('Escape');
    });
  });

  test(`${look}: the mouse selects, sorts, scrolls and marks`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    const n = await openMatrix(page);

    await test.step('a checkbox, and with Shift a range', async () => {
      await tick(page, 1).click();
      await tick(page, 3).click({ modifiers: ['Shift'] });
      await selected(page, 3);
      await tick(page, 2).click();
      await selected(page, 2);
      await expect(matrix(page).getByRole('checkbox', { name: text('ui.select_all') })).toBeChecked({ indeterminate: true });
    });

    await test.step('everyone, without one, and no one', async () => {
      const all = matrix(page).getByRole('checkbox', { name: text('ui.select_all') });
      await all.click();
      await selected(page, n);
      await tick(page, 4).click();
      await selected(page, n - 1);
      await bar(page).getByRole('button', { name: text('directory.clear') }).click();
      await expect(bar(page)).toHaveCount(0);
      await expect(tick(page, 1)).not.toBeChecked();
    });

    await test.step('a cell marks a scope, and the one before takes the mark away', async () => {
      const radios = row(page, 2).getByRole('radio');
      const before = await radios.evaluateAll(all => all.findIndex(one => one.getAttribute('aria-checked') === 'true'));
      const other = await radios.evaluateAll((all, before) => all.findIndex((one, idx) => idx !== before && one.getAttribute('aria-disabled') !== 'true'), before);
      const staged = page.getByRole('region', { name: text('scopes.staged') });
      await radios.nth(other).click();
      await expect(radios.nth(other)).toBeChecked();
      await expect(staged).toContainText(text('scopes.n_staged', { count: 1 }));
      await radios.nth(before).click();
      await expect(staged).toHaveCount(0);
    });

    await test.step('the wheel scrolls, and the head stays', async () => {
      await row(page, 1).hover();
      await page.mouse.wheel(0, 3_000);
      await expect(row(page, 0)).toHaveCount(0);
      const [head, grid] = await Promise.all([matrix(page).locator('.vhead').boundingBox(), matrix(page).boundingBox()]);
      expect(Math.abs((head?.y ?? 0) - (grid?.y ?? 99))).toBeLessThanOrEqual(1);
    });

    await test.step('the scrollbar is dragged to the end, in jumps', async () => {
      await matrix(page).evaluate(async grid => {
        for (let step = 0; step <= 20; step += 1) {
          grid.scrollTop = (grid.scrollHeight * step) / 20;
          await new Promise(requestAnimationFrame);
        }
      });
      await expect(row(page, n - 1)).toBeVisible();
      await expect(row(page, n - 1)).not.toHaveClass(/is-blank/);
      expect(await matrix(page).locator('.vbody > .vrow').count()).toBeLessThan(60);
    });

    await test.step('a heading sorts both ways', async () => {
      const heading = matrix(page).getByRole('button', { name: text('scopes.person') });
      if (!await heading.isVisible()) return; // a phone has no room for it
      const sorted = (order: string) =>
        expect(matrix(page).getByRole('columnheader', { name: text('scopes.person') })).toHaveAttribute('aria-sort', order);
      await heading.click();
      await sorted('descending');
      await heading.click();
      await sorted('ascending');
    });
  });
}
