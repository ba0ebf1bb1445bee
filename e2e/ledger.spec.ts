// The ledger: every change is an entry, which outlives its run, and a change of the record is noticed.
import { expect, test, type Page } from './support/test';
import { go, rail } from './support/connect';
import { addThree, append, changeLine, drawer, entries, fits, grid, longer, saved } from './support/ledger';
import { expectSound } from './support/looks';
import { addSamples } from './support/screens';
import { text } from './support/text';

test('every change is an entry that is found, opened and outlives its run', async ({ page, key, mark, request }) => {
  await addThree(page, key, mark, request);
  await expect(entries(page)).toHaveCount(4);
  await expect(entries(page).first()).toContainText(`2 added to Group ${mark}`);
  await expectSound(page, 'ledger');

  await page.getByLabel(text('run.col_outcome'), { exact: true }).selectOption('refused');
  await expect(page).toHaveURL(/[?&]outcome=refused/);
  await expect(entries(page)).toHaveText([/uid-not-found/]);
  await grid(page).getByRole('row').filter({ hasText: 'uid-not-found' }).click();
  await expect(drawer(page)).toContainText('ERR_UID_NOT_FOUND');
  await expect(drawer(page)).toContainText('add_to_group');
  await expectSound(page, 'ledger-entry');

  const shown = page.url();
  await page.reload();
  expect(page.url()).toBe(shown);
  await expect(drawer(page)).toContainText('ERR_UID_NOT_FOUND');
  await expect(entries(page)).toHaveCount(1);
  await drawer(page).getByRole('button', { name: text('ledger.only_person') }).click();
  await expect(page).toHaveURL(/[?&]person=uid-not-found/);
  await drawer(page).getByRole('button', { name: text('ui.close') }).click();
  await page.getByRole('button', { name: text('directory.clear_filters') }).click();
  await expect(entries(page)).toHaveCount(4);
  await page.getByRole('searchbox', { name: text('activity.search') }).fill('FAN-302');
  await expect(entries(page)).toHaveText([/fan-302/]);
  await page.getByRole('searchbox', { name: text('activity.search') }).fill('nobody-like-this');
  await page.getByRole('button', { name: text('activity.show_everything') }).click();
  await expect(entries(page)).toHaveCount(4);

  await rail(page).getByRole('link', { name: text('runs.title') }).click();
  await page.getByRole('button', { name: /^Delete run: / }).click();
  await expect(page.getByRole('dialog')).toContainText(text('runs.remove_body'));
  await page.getByRole('dialog').getByRole('button', { name: text('runs.remove'), exact: true }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await go(page, 'activity');
  await expect(fits(page, 4)).toBeVisible();
  await grid(page).getByRole('row').filter({ hasText: 'fan-301' }).click();
  await expect(drawer(page)).toContainText(text('ledger.run_removed'));
});

test('what another tab did is there without a reload', async ({ page, context, key, mark, request }) => {
  await addSamples(page);
  await go(page, 'activity');
  await expect(page.getByText(text('activity.empty_title'))).toBeVisible();
  await addThree(await context.newPage(), key, mark, request);
  await expect(entries(page)).toHaveCount(4);
  await rail(page).getByRole('link', { name: text('runs.title') }).click();
  const run = page.getByRole('listitem').filter({ hasText: mark });
  await expect(run).toBeVisible();
  await expect(run).not.toContainText(text('run.state_elsewhere'));
});

test('a record that was changed is named', async ({ page, key, mark, request }) => {
  await addThree(page, key, mark, request);
  const again = page.getByRole('button', { name: text('ledger.verify') });
  await changeLine(page, 3, { from: '"done"', to: '"same"' });
  await again.click();
  await expect(page.getByText(text('ledger.flaw_edited', { number: '3' }))).toBeVisible();
  await expectSound(page, 'ledger-flaw');
  await changeLine(page, 1, 'delete');
  await again.click();
  await expect(page.getByText(text('ledger.flaw_removed', { number: '1' }))).toBeVisible();
  await page.reload();
  await expect(page.getByText(text('ledger.flaw_removed', { number: '1' }))).toBeVisible();
});

test('what is shown is saved as a table, and everything as JSON Lines with a signed state', async ({ page, key, mark, request }) => {
  await addThree(page, key, mark, request);
  await page.getByLabel(text('run.col_outcome'), { exact: true }).selectOption('refused');
  await expect(entries(page)).toHaveCount(1);
  const csv = await saved(page, text('activity.export_csv_of', { count: 1 }));
  expect(csv.name).toMatch(/^muster-activity-.*\.csv$/);
  expect(csv.content.split('\r\n').filter(line => line)).toHaveLength(2);
  expect(csv.content).toContain('uid-not-found');
  expect(csv.content).not.toContain(key);
  const lines = await saved(page, text('ledger.export_lines'));
  expect(lines.name).toMatch(/^muster-activity-.*\.jsonl$/);
  expect(lines.content).not.toContain(key);
  const parsed = lines.content.trimEnd().split('\n').map(line => JSON.parse(line));
  expect(parsed).toHaveLength(6);
  expect(parsed[0]).toMatchObject({ muster: 'activity', format: 1 });
  expect(parsed.slice(1, 5).map(({ entry }) => entry.seq)).toEqual([0, 1, 2, 3]);
  expect(parsed[5]).toMatchObject({ muster: 'activity-head', body: { n_entries: 4, last: parsed[4].hash } });
});

test('a state that was signed shows later that entries are missing, and others prove nothing', async ({ page, key, mark, request }) => {
  await addThree(page, key, mark, request);
  await page.getByRole('button', { name: text('ledger.sign'), exact: true }).click();
  const saving = await saved(page, text('ledger.state_save'));
  const state = JSON.parse(saving.content);
  expect(state).toMatchObject({ muster: 'activity-head', body: { n_entries: 4 } });
  await expectSound(page, 'ledger-signed');

  const dialog = page.getByRole('dialog');
  const check = async (content: string) => {
    await page.getByRole('button', { name: text('ledger.check'), exact: true }).click();
    await dialog.getByLabel(text('ledger.state_text'), { exact: true }).fill(content);
    await dialog.getByRole('button', { name: text('ledger.check_now'), exact: true }).click();
  };
  const close = () => dialog.getByRole('button', { name: text('common.close'), exact: true }).last().click();
  await check(saving.content);
  await expect(dialog).toContainText(text('ledger.check_held', { count: 4 }));
  await expectSound(page, 'ledger-checked');
  await close();
  await check(saving.content.replace('"n_entries":4', '"n_entries":3'));
  await expect(dialog).toContainText(text('ledger.check_forged'));
  await close();
  await check('{"muster":"other"}');
  await expect(dialog).toContainText(text('ledger.check_no_state'));
  await close();

  // Deleting the newest entries and moving the tip makes the rest fit.
  const tip = await cut(page, 2);
  expect(tip.n_entries).toBe(2);
  await page.getByRole('button', { name: text('ledger.verify') }).click();
  await expect(fits(page, 2)).toBeVisible();
  await page.getByRole('button', { name: text('ledger.check'), exact: true }).click();
  await dialog.locator('input[type=file]').setInputFiles({ name: 'state.json', mimeType: 'application/json', buffer: Buffer.from(saving.content) });
  await expect(dialog).toContainText(text('ledger.check_missing', { number: '2' }));
});

test('the activity of a colleague is shown beside the own one, once the key is trusted', async ({ page, key, mark, request, browser, baseURL }) => {
  await addThree(page, key, mark, request);
  const colleague = await browser.newContext({ baseURL });
  const other = await colleague.newPage();
  await addThree(other, `${key}-2`, `${mark}b`, request);
  const file = await saved(other, text('ledger.export_lines'));
  const words = JSON.parse(file.content.trimEnd().split('\n').at(-1)!);
  await colleague.close();

  const dialog = page.getByRole('dialog');
  const choose = async (content: string) => {
    await dialog.locator('input[type=file]').setInputFiles({ name: 'theirs.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(content) });
  };
  await page.getByRole('button', { name: text('ledger.import'), exact: true }).click();
  await expectSound(page, 'ledger-import');
  await choose('uid\nfan-1\n');
  await expect(dialog).toContainText(text('ledger.join_no_ledger'));
  await choose(file.content);
  await expect(dialog).toContainText(text('ledger.compare', { name: words.by.name }));
  await expect(dialog.locator('code')).toHaveText(/^([a-z]+ ){7}[a-z]+$/);
  await expectSound(page, 'ledger-compare');
  await dialog.getByRole('button', { name: text('ledger.trust') }).click();
  await expect(page.getByText(text('ledger.joined', { names: words.by.name }))).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(entries(page)).toHaveCount(8);
  await expect(fits(page, 4)).toBeVisible();
  await grid(page).getByRole('row').filter({ hasText: `2 added to Group ${mark}b` }).click();
  await expect(drawer(page)).toContainText(text('ledger.from'));
  await drawer(page).getByRole('button', { name: text('ui.close') }).click();

  await test.step('once, and never with an entry that was changed', async () => {
    await page.getByRole('button', { name: text('ledger.import'), exact: true }).click();
    await choose(file.content);
    await expect(dialog).toBeHidden();
    await expect(entries(page)).toHaveCount(8);
    await page.getByRole('button', { name: text('ledger.import'), exact: true }).click();
    await choose(file.content.replace('"outcome":"done"', '"outcome":"same"'));
    await expect(dialog).toContainText(text('ledger.join_flawed', { number: '1' }));
    await dialog.getByRole('button', { name: text('common.cancel') }).click();
  });
  await page.getByRole('button', { name: text('ledger.leave') }).click();
  await expect(entries(page)).toHaveCount(4);
});

test('a hundred thousand entries are verified, searched and scrolled', async ({ page, key, mark, request }) => {
  test.slow();
  await addThree(page, key, mark, request);
  const { content } = await saved(page, text('ledger.export_lines'));
  await append(page, longer(content, 100_000));
  await page.getByRole('button', { name: text('ledger.verify') }).click();
  await expect(fits(page, 100_000)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('searchbox', { name: text('activity.search') }).fill('person-77777');
  await expect(entries(page)).toHaveText([/person-77777/]);
  await page.getByRole('searchbox', { name: text('activity.search') }).fill('');
  await expect(page.getByText(text('ledger.n_of', { found: '100,000', all: '100,000' }))).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press('Control+End');
  await expect(entries(page).last()).toContainText('fan-301');
});

/** Deletes all entries but the first, and moves the tip to the last that is left. */
function cut(page: Page, left: number): Promise<{ n_entries: number }> {
  return page.evaluate(async left => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open('muster'));
    const transaction = database.transaction(['chain', 'review'], 'readwrite');
    const [chain, review] = [transaction.objectStore('chain'), transaction.objectStore('review')];
    const keys = await done(chain.getAllKeys()) as [string, number][];
    const { hash } = JSON.parse(await done(chain.get(keys[left - 1])) as string);
    for (const key of keys.slice(left)) await done(chain.delete(key));
    const tip = { ...JSON.parse(await done(review.get('tip')) as string), last: hash, n_entries: left };
    await done(review.put(JSON.stringify(tip), 'tip'));
    database.close();
    return tip;
  }, left);
}
