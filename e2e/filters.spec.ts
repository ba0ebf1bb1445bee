// Filters of lists that are read whole: several values, chips that remove them, and the dates of joining.
import { expect, test, type Page } from './support/test';
import { connect, openGroup, section } from './support/connect';
import { makeGroup } from './support/sandbox';
import { literally, text } from './support/text';

const chips = (page: Page) => page.getByRole('list', { name: text('directory.filters') }).getByRole('button');
const clearAll = (page: Page) => page.getByRole('button', { name: text('directory.clear_filters'), exact: true });
const filter = (page: Page, key: string) => page.getByRole('combobox', { name: text(key), exact: true });
/** The name of a chip. */
const named = (key: string, value: string) => text('directory.remove_filter', { filter: text('directory.filter_is', { filter: text(key), value }) });

test('several roles are chosen, shown as chips, kept in the address and removed with the mouse', async ({ page, key }) => {
  await connect(page, 'Networked', { key });
  const grid = page.getByRole('grid', { name: text('members.title') });
  // The foot says when everyone was read, and then that everyone is shown.
  await expect(page.getByText(literally(text('members.read_at', { count: 2, time: '…' }).split('…')[0]))).toBeVisible();
  await expect(page.getByText(/^([\d,]+) of \1 members$/)).toBeVisible();
  const rows = async () => Number(await grid.getAttribute('aria-rowcount'));
  const n_all = await rows();
  const role = filter(page, 'members.role');
  const option = async () => (await role.locator('option').nth(1).textContent())!.trim().replace(/ \([\d,]+\)$/, '');
  const one = await option();
  await role.selectOption({ index: 1 });
  await expect(chips(page)).toHaveCount(1);
  // The select offers what is left, and shows none of it.
  await expect(role).toHaveValue('');
  await expect(role.locator('option').first()).toHaveText(text('directory.filter_add', { filter: text('members.role') }));
  await expect.poll(option).not.toBe(one);
  const other = await option();
  await expect.poll(rows).toBeLessThan(n_all);
  const count = await rows();
  await role.selectOption({ index: 1 });
  await expect(chips(page)).toHaveText([text('directory.filter_is', { filter: text('members.role'), value: one }), text('directory.filter_is', { filter: text('members.role'), value: other })]);
  await expect.poll(rows).toBeGreaterThan(count);
  await expect(page).toHaveURL(url => url.searchParams.getAll('role').length === 2);

  // The address brings them back.
  await section(page, 'add');
  await page.goBack();
  await expect(chips(page)).toHaveCount(2);

  await filter(page, 'directory.domain').selectOption({ index: 1 });
  await expect(chips(page)).toHaveCount(3);
  await expect(page).toHaveURL(/[?&]domain=/);
  await page.getByRole('button', { name: named('members.role', one), exact: true }).click();
  await expect(page.getByRole('button', { name: named('members.role', other), exact: true })).toBeFocused();
  await expect(chips(page)).toHaveCount(2);
  await clearAll(page).click();
  await expect(chips(page)).toHaveCount(0);
  await expect(clearAll(page)).toHaveCount(0);
  await expect(page.getByRole('searchbox', { name: text('members.search') })).toBeFocused();
  await expect(page).not.toHaveURL(/role=|domain=/);
});

test('scopes are chosen and removed with the keyboard, and the focus stays in the list of filters', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark, { admins: ['fan-001'], moderators: ['fan-002'], participants: ['citizen-00010', 'citizen-00002', 'citizen-00009'] });
  await connect(page, 'CometChat', { key });
  await openGroup(page, mark);
  const rows = page.getByRole('grid', { name: text('scopes.table') }).getByRole('rowheader');
  await expect(rows).toHaveCount(5);
  const scope = filter(page, 'scopes.scope');
  await scope.focus();
  // The arrow keys pass over values; Enter chooses one.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(scope).toHaveValue('moderator');
  await expect(chips(page)).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(chips(page)).toHaveCount(1);
  await expect(scope).toBeFocused();
  await expect(rows).toHaveCount(1);
  // So does leaving the field.
  await page.keyboard.press('ArrowDown');
  await expect(scope).toHaveValue('admin');
  await page.keyboard.press('Tab');
  await expect(chips(page)).toHaveCount(2);
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(/scope=moderator&scope=admin/);

  await chips(page).first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: named('scopes.scope', text('common.scope_admin')), exact: true })).toBeFocused();
  await expect(rows).toHaveCount(1);
  await page.keyboard.press('Space');
  await expect(page.getByRole('searchbox', { name: text('scopes.find') })).toBeFocused();
  await expect(chips(page)).toHaveCount(0);

  // Numbers in names are compared as numbers.
  await scope.selectOption('participant');
  await expect(rows).toHaveText([/citizen-00002/, /citizen-00009/, /citizen-00010/]);
});

test('people who joined between two days are shown, both days included', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark, { admins: ['fan-001'], participants: ['fan-002', 'fan-003'] });
  await connect(page, 'CometChat', { key });
  await openGroup(page, mark);
  const rows = page.getByRole('grid', { name: text('scopes.table') }).getByRole('rowheader');
  await expect(rows).toHaveCount(3);
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const [from, to] = [page.getByLabel(text('directory.from'), { exact: true }), page.getByLabel(text('directory.to'), { exact: true })];
  await expect(from).toHaveCount(0);
  await filter(page, 'scopes.joined').selectOption({ label: text('directory.between') });
  await from.fill('2020-01-01');
  await expect(chips(page)).toHaveCount(1);
  await to.fill('2020-12-31');
  await expect(page).toHaveURL(/joined=2020-01-01\.\.2020-12-31/);
  await expect(page.getByText(text('scopes.no_match_title'))).toBeVisible();

  // What was typed stays while its order is wrong, and the list too.
  await from.fill(day(-1));
  await expect(page.getByText(text('directory.wrong_order'))).toBeVisible();
  await expect(to).toHaveAttribute('aria-invalid', 'true');
  await expect(from).toHaveValue(day(-1));
  await expect(page).toHaveURL(/joined=2020-01-01\.\.2020-12-31/);
  await to.fill(day(1));
  await expect(page.getByText(text('directory.wrong_order'))).toHaveCount(0);
  await expect(rows).toHaveCount(3);
  await from.fill('');
  await to.fill('');
  await expect(chips(page)).toHaveCount(0);
  await expect(from).toBeVisible();
  await to.fill('2020-12-31');
  await expect(rows).toHaveCount(0);
  await chips(page).click();
  await expect(rows).toHaveCount(3);
  await expect(from).toHaveCount(0);

  await filter(page, 'scopes.joined').selectOption('week');
  await expect(page).toHaveURL(/joined=week/);
  await expect(chips(page)).toHaveText([text('directory.filter_is', { filter: text('scopes.joined'), value: text('directory.last_week') })]);
  await expect(rows).toHaveCount(3);
});
