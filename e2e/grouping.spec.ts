// Lists of people in groups: chosen in the view, kept in the address, collapsed, selected and searched.
import { expect, test, type Locator, type Page } from './support/test';
import { violations } from './support/axe';
import { connect, openGroup } from './support/connect';
import { citizens, makeGroup } from './support/sandbox';
import { addSamples } from './support/screens';
import { literally, text } from './support/text';

const matrix = (page: Page) => page.getByRole('grid', { name: text('scopes.table') });
const members = (page: Page) => page.getByRole('grid', { name: text('members.title') });
const bar = (page: Page) => page.getByRole('region', { name: text('directory.selection') });
const scope = (name: string) => text(`common.scope_${name}`);

/** The cells of the header rows. */
const headers = (grid: Locator) => grid.locator('[role=rowheader][aria-expanded]');
/** The header of one group, by its name. */
const header = (grid: Locator, name: string) => headers(grid).filter({ hasText: literally(name) });

/** Chooses what the list is grouped by, in its view. */
async function groupBy(page: Page, name: string) {
  await page.getByRole('button', { name: text('ui.view'), exact: true }).click();
  const popup = page.getByRole('dialog', { name: text('ui.view') });
  await popup.getByLabel(text('directory.group_by'), { exact: true }).selectOption({ label: name });
  await page.keyboard.press('Escape');
  await expect(popup).toBeHidden();
}

const rows = (grid: Locator) => grid.getAttribute('aria-rowcount').then(Number);

test('a group is shown by scopes, and scopes are collapsed and selected with the mouse', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark, { admins: ['fan-001', 'fan-002'], moderators: ['fan-003'], participants: citizens(20) });
  await connect(page, 'CometChat', { key });
  await openGroup(page, mark);
  const grid = matrix(page);
  await expect(grid).toHaveAttribute('aria-rowcount', '24');
  await expect(headers(grid)).toHaveCount(0);
  await groupBy(page, text('scopes.scope'));
  await expect(page).toHaveURL(/[?&]group=scope\b/);
  // The highest scope comes first, in any order of people.
  await expect(headers(grid)).toHaveText([`${scope('admin')} · 2`, `${scope('moderator')} · 1`, `${scope('participant')} · 20`]);
  await expect(grid).toHaveAttribute('aria-rowcount', '27');
  await expect(grid.getByRole('row').nth(1)).toHaveAttribute('aria-rowindex', '2');
  expect(await violations(page)).toEqual([]);

  await header(grid, scope('participant')).click();
  await expect(header(grid, scope('participant'))).toHaveAttribute('aria-expanded', 'false');
  await expect(grid).toHaveAttribute('aria-rowcount', '7');
  // Those who are not shown are selected too.
  const all = grid.getByRole('checkbox', { name: text('ui.select_group', { name: scope('participant') }), exact: true });
  await all.click();
  await expect(all).toBeChecked();
  await expect(bar(page)).toContainText(text('directory.selected', { count: 20 }));
  await header(grid, scope('participant')).click();
  await expect(grid).toHaveAttribute('aria-rowcount', '27');
  await grid.getByRole('row').filter({ hasText: 'citizen-00001' }).getByRole('checkbox').click();
  await expect(bar(page)).toContainText(text('directory.selected', { count: 19 }));
  await expect(all).toBeChecked({ indeterminate: true });
  await all.click();
  await expect(bar(page)).toContainText(text('directory.selected', { count: 20 }));
  await all.click();
  await expect(bar(page)).toHaveCount(0);

  // A range goes across headers.
  const tick = (text: string) => grid.getByRole('row').filter({ hasText: text }).getByRole('checkbox');
  await tick('fan-002').click();
  await tick('citizen-00001').click({ modifiers: ['Shift'] });
  const selected = grid.locator('[role=row][aria-selected=true]').filter({ hasNot: page.locator('[aria-expanded]') });
  await expect(selected.filter({ hasText: 'citizen-00001' })).toHaveCount(1);
  const n_selected = await selected.count();
  expect(n_selected).toBeGreaterThanOrEqual(3);
  await expect(bar(page)).toContainText(text('directory.selected', { count: n_selected }));

  await groupBy(page, text('directory.no_grouping'));
  await expect(headers(grid)).toHaveCount(0);
  await expect(grid).toHaveAttribute('aria-rowcount', '24');
  await expect(page).not.toHaveURL(/group=/);
});

test('groups are collapsed, expanded and selected with the keyboard', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark, { admins: ['fan-001'], participants: citizens(12) });
  await connect(page, 'CometChat', { key });
  await openGroup(page, mark);
  const grid = matrix(page);
  await expect(grid).toHaveAttribute('aria-rowcount', '14');
  await groupBy(page, text('scopes.scope'));
  await expect(grid).toHaveAttribute('aria-rowcount', '16');
  const active = async () => {
    const id = await grid.getAttribute('aria-activedescendant');
    return id ? await page.locator(`#${id}`).textContent() : null;
  };
  await grid.focus();
  await page.keyboard.press('Control+Home');
  await expect.poll(active).toBe(`${scope('admin')} · 1`);
  await page.keyboard.press('ArrowLeft');
  await expect(grid).toHaveAttribute('aria-rowcount', '15');
  await page.keyboard.press('ArrowDown');
  await expect.poll(active).toBe(`${scope('participant')} · 12`);
  await page.keyboard.press('Enter');
  await expect(grid).toHaveAttribute('aria-rowcount', '3');
  await expect(header(grid, scope('participant'))).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('Shift+Space');
  await expect(bar(page)).toContainText(text('directory.selected', { count: 12 }));
  await page.keyboard.press('Space');
  await expect(grid).toHaveAttribute('aria-rowcount', '15');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowRight');
  await expect(grid).toHaveAttribute('aria-rowcount', '16');
  await page.keyboard.press('Control+a');
  await expect(bar(page)).toContainText(text('directory.selected', { count: 13 }));
  // The cells of people are where they were.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => grid.getAttribute('aria-activedescendant')).toMatch(/-1-1$/);
});

test('what is searched leaves only the groups in which someone is found, and the address brings groups back', async ({ page }) => {
  await addSamples(page);
  await page.goto('/c/superhero-fans/groups/superhero-fans?group=scope');
  const grid = matrix(page);
  await expect(headers(grid).first()).toHaveText(literally(`${scope('admin')} · `));
  const search = page.getByRole('searchbox', { name: text('scopes.find') });
  await search.fill('Chidi Nowak');
  await expect(headers(grid)).toHaveCount(1);
  const [found] = await headers(grid).allTextContents();
  await expect(grid).toHaveAttribute('aria-rowcount', String(2 + Number(found.split(' · ')[1])));
  await search.fill('nobody-is-called-so');
  await expect(headers(grid)).toHaveCount(0);
  await expect(page.getByText(text('scopes.no_match_title'))).toBeVisible();
  await search.fill('');
  await expect(headers(grid).first()).toHaveText(literally(`${scope('admin')} · `));
  // The address follows what is typed after a pause.
  await expect(page).not.toHaveURL(/[?&]q=/);
  await page.reload();
  await expect(headers(grid).first()).toHaveText(literally(`${scope('admin')} · `));
  await expect(page).toHaveURL(/[?&]group=scope\b/);
});

test('a large group is grouped while it is read, and collapsing it leaves only what is short', async ({ page, key }) => {
  await connect(page, 'CometChat', { key });
  await openGroup(page, 'metropolis');
  const grid = matrix(page);
  await groupBy(page, text('scopes.scope'));
  await expect(header(grid, scope('participant'))).toBeVisible();
  // Everyone is counted, in one of the groups.
  const sum = async () => (await headers(grid).allTextContents()).reduce((sum, text) => sum + Number(text.split(' · ')[1].replaceAll(',', '')), 0);
  await expect(page.getByRole('button', { name: text('directory.pause') })).toHaveCount(0);
  await expect.poll(() => rows(grid)).toBeGreaterThan(30_001);
  await grid.focus();
  await page.keyboard.press('Control+End');
  await expect(grid.getByRole('row').last()).toHaveAttribute('aria-rowindex', String(await rows(grid)));
  await page.keyboard.press('Control+Home');
  await header(grid, scope('participant')).click();
  await expect.poll(() => rows(grid)).toBeLessThan(1_000);
  await expect.poll(sum).toBe(30_000);
});

test('Networked: people are grouped by role, state or domain, and sorted within', async ({ page, key }) => {
  await connect(page, 'Networked', { key });
  const grid = members(page);
  // The foot says when everyone was read, and then that everyone is shown.
  await expect(page.getByText(literally(text('members.read_at', { count: 2, time: '…' }).split('…')[0]))).toBeVisible();
  await expect(page.getByText(/^([\d,]+) of \1 members$/)).toBeVisible();
  const n_people = (await rows(grid)) - 1;
  const names = await page.getByRole('combobox', { name: text('members.role'), exact: true }).locator('option').allTextContents();
  await groupBy(page, text('members.role'));
  await expect(page).toHaveURL(/[?&]group=role\b/);
  await expect(headers(grid).first()).toBeVisible();
  // Every header is collapsed in turn, until only headers are left.
  for (;;) {
    const open = grid.locator('[role=rowheader][aria-expanded=true]');
    if ((await open.count()) === 0) break;
    const name = (await open.first().locator('bdi').textContent()) ?? '';
    await open.first().click();
    await expect(headers(grid).filter({ has: page.locator('bdi').getByText(name, { exact: true }) })).toHaveAttribute('aria-expanded', 'false');
  }
  const said = (await headers(grid).allTextContents()).map(text => text.split(' · '));
  expect(said.reduce((sum, [, n]) => sum + Number(n), 0)).toBe(n_people);
  expect(await rows(grid)).toBe(said.length + 1);
  // The filter counts the same people.
  for (const [name, n] of said.filter(([name]) => name !== text('directory.no_role'))) expect(names).toContain(`${name} (${n})`);
  const roles = said.map(([name]) => name).filter(name => name !== text('directory.no_role'));
  expect(roles).toEqual([...roles].sort(new Intl.Collator('en').compare));

  // Another grouping begins with all groups expanded.
  await groupBy(page, text('directory.domain'));
  await expect(page).toHaveURL(/[?&]group=domain\b/);
  await expect(headers(grid).first()).toHaveAttribute('aria-expanded', 'true');
  await grid.getByRole('button', { name: text('members.email') }).click();
  await grid.getByRole('button', { name: text('members.email') }).click();
  await expect(page).toHaveURL(/sort=-email/);
  await expect(headers(grid).first()).toBeVisible();
  // Other tests add people of other domains, whose groups may push this one out of view.
  const domain = 'example.com';
  const domains = page.getByRole('combobox', { name: text('directory.domain'), exact: true });
  const option = await domains.locator('option').filter({ hasText: /^example\.com \(/ }).getAttribute('value');
  await domains.selectOption(option);
  await expect(headers(grid)).toHaveText([literally(`${domain} · `)]);
  const at = 2;
  const row = (index: number) => grid.locator(`[role=row][aria-rowindex="${index}"]`);
  const emails = await Promise.all([at + 1, at + 2].map(index => row(index).getByText('@').textContent()));
  const [first, second] = emails.map(email => email!.trim());
  for (const email of [first, second]) expect(email).toMatch(/@example\.com$/);
  expect(new Intl.Collator('en').compare(first, second)).toBeGreaterThan(0);
  expect(await violations(page)).toEqual([]);

  // The row that is open is the one that was pressed.
  await row(at + 2).click();
  await expect(page.getByRole('complementary')).toContainText(second);
  await expect(grid.locator('.is-open')).toHaveAttribute('aria-rowindex', String(at + 2));
});
