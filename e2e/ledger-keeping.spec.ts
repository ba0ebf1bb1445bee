// What is deleted from the ledger: the personal data of someone, and entries that are kept no longer. The rest still fits.
import { expect, test, type Page } from './support/test';
import { go } from './support/connect';
import { addThree, changeLine, drawer, entries, fits, grid, saved } from './support/ledger';
import { expectSound } from './support/looks';
import { text } from './support/text';

const DAY = 24 * 60 * 60 * 1000;

const verify = (page: Page) => page.getByRole('button', { name: text('ledger.verify') }).click();
const search = (page: Page) => page.getByRole('searchbox', { name: text('activity.search') });
const dialog = (page: Page) => page.getByRole('dialog');
const row = (page: Page, content: string) => grid(page).getByRole('row').filter({ hasText: content });

/** Chooses for how long entries are kept, up to the button that saves it. */
async function choose(page: Page, days: number) {
  await page.getByRole('button', { name: text('ledger.retention_change') }).click();
  await dialog(page).getByLabel(text('ledger.retention_label'), { exact: true }).selectOption(String(days));
}

/** Moves the clock of the page, and opens it anew. */
async function later(page: Page, days: number, path = '/activity') {
  await page.clock.install({ time: Date.now() + days * DAY });
  await page.goto(path);
}

test('the personal data of one of two people are deleted, and all entries still fit', async ({ page, key, mark, request, baseURL }) => {
  await addThree(page, key, mark, request);
  const other = await page.context().newPage();
  await other.goto(`${baseURL}/activity`);
  await expect(row(other, 'fan-301')).toBeVisible();
  await row(page, 'fan-301').click();
  await drawer(page).getByRole('button', { name: text('ledger.only_person') }).click();
  await expect(page).toHaveURL(/[?&]person=fan-301/);
  await drawer(page).getByRole('button', { name: text('ledger.delete_person') }).click();
  const box = dialog(page);
  await expect(box).toContainText(text('ledger.delete_what', { count: 1, person: 'fan-301' }));
  await expect(box).toContainText(text('ledger.delete_copies'));
  await expect(box.getByRole('link', { name: `2 added to Group ${mark}` })).toHaveAttribute('href', /\/runs\//);
  await expectSound(page, 'ledger-delete-person');
  await test.step('the reason does not name the person', async () => {
    await box.getByLabel(text('ledger.why')).fill('FAN-301 asked');
    await expect(box).toContainText(text('ledger.why_names'));
    await box.getByRole('button', { name: text('ledger.delete_person_now'), exact: true }).click();
    await expect(box).toBeVisible();
    await box.getByLabel(text('ledger.why')).fill('On request');
  });
  await box.getByRole('button', { name: text('ledger.delete_person_now'), exact: true }).click();
  await expect(box).toBeHidden();
  await expect(page).not.toHaveURL(/fan-301/);
  await expect(fits(page, 5)).toBeVisible();
  await expect(drawer(page)).toContainText(text('ledger.person_deleted'));
  await expect(drawer(page).getByRole('heading')).toBeFocused();
  await expect(drawer(page)).not.toContainText('fan-301');
  await expect(drawer(page).getByRole('button', { name: text('ledger.delete_person') })).toHaveCount(0);
  await expectSound(page, 'ledger-person-deleted');
  await drawer(page).getByRole('button', { name: text('ui.close') }).click();
  await expect(entries(page).first()).toHaveText(text('ledger.redacted', { count: 1 }));
  await expect(entries(page).filter({ hasText: text('ledger.person_deleted') })).toHaveCount(1);

  await test.step('another tab shows it too', async () => {
    await expect(entries(other)).toHaveCount(5);
    await expect(row(other, 'fan-301')).toHaveCount(0);
    await expect(row(other, 'fan-302')).toBeVisible();
    await other.close();
  });
  await test.step('nothing finds the person', async () => {
    await search(page).fill('fan-301');
    await expect(page.getByText(text('activity.none_found_title'))).toBeVisible();
    await search(page).fill('fan-302');
    await expect(entries(page)).toHaveText([/fan-302/]);
    await search(page).fill('');
    await expect(entries(page)).toHaveCount(5);
  });
  await test.step('no file has the person', async () => {
    const lines = await saved(page, text('ledger.export_lines'));
    expect(lines.content).not.toContain('fan-301');
    expect(lines.content).toContain('fan-302');
    const first = JSON.parse(lines.content.split('\n')[1]!);
    expect([first.opened, typeof first.entry.person]).toEqual([null, 'string']);
    const csv = await saved(page, text('activity.export_csv'));
    expect(csv.content).not.toContain('fan-301');
    expect(csv.content.split('\r\n')[1]).toContain(',deleted,,');
  });
  await test.step('someone in the place of the person is noticed', async () => {
    await changeLine(page, 1, { from: '"opened":null', to: '"opened":{"key":{"by":"id","key":"fan-9"},"message":null,"name":null,"salt":"00"}' });
    await verify(page);
    await expect(page.getByText(text('ledger.flaw_edited', { number: '1' }))).toBeVisible();
  });
  await test.step('entries that do not fit lose nothing more', async () => {
    await row(page, 'fan-302').click();
    await drawer(page).getByRole('button', { name: text('ledger.delete_person') }).click();
    await box.getByRole('button', { name: text('ledger.delete_person_now'), exact: true }).click();
    await expect(box).toContainText(text('ledger.delete_flawed'));
    await box.getByRole('button', { name: text('common.cancel') }).click();
    await expect(row(page, 'fan-302')).toBeVisible();
  });
});

test('a reason that is typed stays while another tab changes the ledger', async ({ page, key, mark, request, baseURL }) => {
  await addThree(page, key, mark, request);
  const other = await page.context().newPage();
  await other.goto(`${baseURL}/activity`);
  await row(page, 'fan-302').click();
  await drawer(page).getByRole('button', { name: text('ledger.delete_person') }).click();
  await dialog(page).getByLabel(text('ledger.why')).fill('On request');
  await row(other, 'fan-301').click();
  await drawer(other).getByRole('button', { name: text('ledger.delete_person') }).click();
  await dialog(other).getByRole('button', { name: text('ledger.delete_person_now'), exact: true }).click();
  await expect(dialog(other)).toBeHidden();
  await other.close();
  await expect(fits(page, 5)).toBeVisible();
  await expect(dialog(page).getByLabel(text('ledger.why'))).toHaveValue('On request');
});

test('entries that are kept for 90 days are deleted from the beginning of the ledger', async ({ page, key, mark, request }) => {
  await addThree(page, key, mark, request);
  await page.getByRole('button', { name: text('ledger.sign'), exact: true }).click();
  const state = await saved(page, text('ledger.state_save'));
  await choose(page, 90);
  await expect(dialog(page)).toContainText(text('ledger.retention_none'));
  await dialog(page).getByRole('button', { name: text('common.cancel') }).click();
  await expect(page.getByRole('main').getByText(text('ledger.retention_is', { time: text('ledger.retention_forever') }))).toBeVisible();

  await later(page, 100);
  await expect(fits(page, 4)).toBeVisible();
  await choose(page, 366);
  await expect(dialog(page)).toContainText(text('ledger.retention_none'));
  await dialog(page).getByLabel(text('ledger.retention_label'), { exact: true }).selectOption('90');
  await expect(dialog(page)).toContainText('Deletes the 4 oldest entries now');
  await expectSound(page, 'ledger-retention');
  await dialog(page).getByRole('button', { name: text('ledger.retention_delete', { count: 4 }) }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(fits(page, 1)).toBeVisible();
  await expect(page.getByText(/4 entries before .* were deleted, the last time on /)).toBeVisible();
  await expect(entries(page)).toHaveText([/^4 entries before .* deleted$/]);
  await expect(page.getByRole('main').getByText(text('ledger.retention_is', { time: '90 days' }))).toBeVisible();
  await expectSound(page, 'ledger-retention-deleted');

  await test.step('a state of before says that its entries were deleted', async () => {
    await page.getByRole('button', { name: text('ledger.check'), exact: true }).click();
    await dialog(page).getByLabel(text('ledger.state_text'), { exact: true }).fill(state.content);
    await dialog(page).getByRole('button', { name: text('ledger.check_now'), exact: true }).click();
    // It ends where the ledger begins, so that its hash is known.
    await expect(dialog(page)).toContainText(text('ledger.check_fits', { count: 4 }));
    await expect(dialog(page)).toContainText('4 entries before');
    await dialog(page).getByRole('button', { name: text('common.close'), exact: true }).last().click();
  });
  await test.step('the file says where it begins', async () => {
    const { content } = await saved(page, text('ledger.export_lines'));
    const [heading, deleted, head] = content.trimEnd().split('\n').map(line => JSON.parse(line));
    expect(heading).toMatchObject({ format: 2, start: { n_entries: 4 } });
    expect(deleted.entry).toMatchObject({ seq: 4, event: { deleted: { days: 90, n_entries: 4, start: heading.start } } });
    expect(head).toMatchObject({ muster: 'activity-head', body: { n_entries: 5 } });
    expect(content).not.toContain('fan-301');
  });
});

test('old entries are deleted when the console opens, once, whatever page and however many tabs', async ({ page, key, mark, request, baseURL }) => {
  await addThree(page, key, mark, request);
  await choose(page, 90);
  await dialog(page).getByRole('button', { name: text('ledger.retention_save') }).click();
  await expect(page.getByRole('main').getByText(text('ledger.retention_is', { time: '90 days' }))).toBeVisible();
  await page.context().clock.install({ time: Date.now() + 100 * DAY });
  const others = [await page.context().newPage(), await page.context().newPage()];
  await Promise.all(others.map((other, idx) => other.goto(`${baseURL}/${['settings', 'activity'][idx]}`)));
  await page.goto('/settings');
  await expect.poll(() => stored(page)).toEqual([4]);
  await others[1]!.close();
  await go(page, 'activity');
  await expect(fits(page, 1)).toBeVisible();
  await expect(entries(page)).toHaveText([/^4 entries before .* deleted$/]);
});

test('nothing is deleted from a ledger that was changed', async ({ page, key, mark, request }) => {
  await addThree(page, key, mark, request);
  await choose(page, 90);
  await dialog(page).getByRole('button', { name: text('ledger.retention_save') }).click();
  await expect(dialog(page)).toBeHidden();
  await changeLine(page, 3, { from: '"done"', to: '"same"' });
  await later(page, 100);
  await expect(page.getByText(text('ledger.flaw_edited', { number: '3' }))).toBeVisible();
  await expect(page.getByText(text('ledger.retention_flawed'))).toBeVisible();
  await expect(entries(page)).toHaveCount(4);
  expect(await stored(page)).toEqual([0, 1, 2, 3]);
  await changeLine(page, 3, { from: '"same"', to: '"done"' });
  await page.reload();
  await expect(entries(page)).toHaveText([/^4 entries before .* deleted$/]);
});

/** The numbers of the stored lines of the chain, from 0. */
function stored(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open('muster'));
    const keys = await done(database.transaction('chain').objectStore('chain').getAllKeys()) as [string, number][];
    database.close();
    return keys.map(([, seq]) => seq);
  });
}
