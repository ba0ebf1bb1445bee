// Where keys are stored: in memory or on the device; locked, unlocked, changed, forgotten; and connections
// exported without them.
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test, type Page } from './support/test';
import { citizen, citizens, hold, makeGroup, scopesOf } from './support/sandbox';
import { addMany } from './support/compose';
import { connect, fillConnection, go, rail, section, settingsOf, written } from './support/connect';
import { button, choosePassphrase, connectIn, keepIn, lockAll, passphrase } from './support/keys';
import { expectSound } from './support/looks';
import { addSamples } from './support/screens';
import { literally, text } from './support/text';

const CHOSEN = 'correct horse battery';
const heading = (page: Page, words: string) => page.getByRole('heading', { level: 1, name: words, exact: true });
const members = (page: Page) => heading(page, text('members.title'));

test('a key that an earlier release kept in the tab is erased, and loading anew forgets the key', async ({ page, key }) => {
  await connectIn(page, 'CometChat', 'memory', '', { key, name: 'In a tab' });
  await expect(page.getByRole('radio', { name: 'In this tab' })).toHaveCount(0);
  await page.evaluate(key => {
    sessionStorage.setItem('muster.key.in-a-tab', `cometchat direct\n${key}`);
    sessionStorage.setItem('another', 'stays');
  }, key);
  await page.reload();
  await expect(heading(page, text('connections.needs_key_title', { name: 'In a tab' }))).toBeVisible();
  expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual(['another']);
});

test('a connection that was edited in another tab is not saved over', async ({ page, context, key }) => {
  await connectIn(page, 'CometChat', 'memory', '', { key, name: 'Shared' });
  await settingsOf(page, 'Shared');
  const name = (of: Page) => of.getByLabel(text('connections.name'), { exact: true });
  await expect(name(page)).toHaveValue('Shared');
  const other = await context.newPage();
  await other.goto(page.url());
  await name(other).fill('Renamed');
  await button(other, 'connections.save').click();
  await expect(rail(page).getByRole('link', { name: 'Renamed' })).toBeVisible();

  await name(page).fill('Stale');
  await button(page, 'connections.save').click();
  await expect(page.getByText(text('connections.changed_elsewhere'))).toBeVisible();
  await expect(rail(page).getByRole('link', { name: 'Renamed' })).toBeVisible();
  await page.reload();
  await expect(name(page)).toHaveValue('Renamed');
  await other.close();
});

test('the browser is asked to keep what leads to a vendor, and the settings say what it granted', async ({ page, key }) => {
  await page.addInitScript(() => {
    const asked = () => Number(localStorage.getItem('asked') ?? 0);
    navigator.storage.persist = () => { localStorage.setItem('asked', String(asked() + 1)); return Promise.resolve(true); };
    navigator.storage.persisted = () => Promise.resolve(asked() > 0);
  });
  const asked = () => page.evaluate(() => localStorage.getItem('asked'));
  await addSamples(page);
  await go(page, 'settings');
  await expect(page.getByText(text('settings.persistence_refused'))).toBeVisible();
  expect(await asked()).toBeNull();
  await connectIn(page, 'CometChat', 'memory', '', { key, name: 'Real' });
  await go(page, 'settings');
  await expect(page.getByText(text('settings.persistence_granted'))).toBeVisible();
  await connectIn(page, 'CometChat', 'memory', '', { key, name: 'Another' });
  expect(await asked()).toBe('1');
});

test('a key on the device asks for a passphrase, and is back with it', async ({ page, key }) => {
  await fillConnection(page, 'CometChat', { key, name: 'Sealed' });
  await keepIn(page, 'device');
  const fresh = page.getByLabel(text('keys.passphrase_new'), { exact: true });
  const again = page.getByLabel(text('keys.passphrase_again'), { exact: true });
  await button(page, 'connections.add').click();
  await expect(fresh).toHaveAttribute('aria-invalid', 'true');
  await fresh.fill('too short');
  await again.fill('something else');
  await expect(fresh).toHaveAccessibleDescription(literally(text('keys.passphrase_short', { count: 12 })));
  await expect(again).toHaveAccessibleDescription(literally(text('keys.passphrase_differs')));
  await choosePassphrase(page, CHOSEN);
  await button(page, 'connections.add').click();
  await expect(members(page)).toBeVisible();
  await written(page, 'Sealed');

  await page.reload();
  await expect(heading(page, text('connections.locked_title', { name: 'Sealed' }))).toBeVisible();
  await button(page, 'keys.unlock').click();
  await expect(passphrase(page)).toHaveAccessibleDescription(literally(text('keys.passphrase_empty')));
  await passphrase(page).fill('correct horse batteri');
  await passphrase(page).press('Enter');
  await expect(passphrase(page)).toHaveAccessibleDescription(literally(text('keys.passphrase_wrong')));
  await expectSound(page, 'keys-locked');
  await passphrase(page).fill(CHOSEN);
  await passphrase(page).press('Enter');
  await expect(members(page)).toBeVisible();
});

test('a second key goes under the same passphrase, and one is forgotten alone', async ({ page, key, mark }) => {
  await connectIn(page, 'CometChat', 'device', CHOSEN, { key, name: 'First' });
  await fillConnection(page, 'Networked', { key: `second-${mark}`, name: 'Second' });
  // Navigating to a URL reloads the page, which locks the keys.
  await keepIn(page, 'device');
  await passphrase(page).fill(CHOSEN);
  await button(page, 'connections.add').click();
  await expect(members(page)).toBeVisible();
  await go(page, 'all_connections');
  const row = (name: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: name });
  for (const name of ['First', 'Second']) await expect(row(name)).toContainText(text('connections.unlocked'));
  await settingsOf(page, 'Second');
  await button(page, 'connections.lock').click();
  await expect(page.getByText(text('connections.key_missing'))).toBeVisible();
  await go(page, 'settings');
  await expect(page.getByText(text('settings.vault_open', { count: 1 }))).toBeVisible();
});

test('what is locked in one tab is locked in all', async ({ page, context, key }) => {
  await connectIn(page, 'CometChat', 'device', CHOSEN, { key, name: 'Everywhere' });
  const other = await context.newPage();
  await other.goto(page.url());
  await passphrase(other).fill(CHOSEN);
  await button(other, 'keys.unlock').click();
  await expect(members(other)).toBeVisible();
  await lockAll(page).focus();
  await page.keyboard.press('Enter');
  for (const tab of [page, other]) {
    await expect(heading(tab, text('connections.locked_title', { name: 'Everywhere' }))).toBeVisible();
    await expect(lockAll(tab)).toHaveCount(0);
  }
});

test('the passphrase is changed, and the keys on the device are forgotten', async ({ page, key }) => {
  const next = 'staple staple staple';
  await connectIn(page, 'CometChat', 'device', CHOSEN, { key, name: 'Changed' });
  await go(page, 'settings');
  await button(page, 'settings.passphrase_change').click();
  const dialog = page.getByRole('dialog', { name: text('settings.passphrase_change') });
  const old = dialog.getByLabel(text('settings.passphrase_old'), { exact: true });
  await expect(old).toBeFocused();
  await old.fill('not this one at all');
  await choosePassphrase(page, next);
  await dialog.getByRole('button', { name: text('settings.passphrase_change_now') }).click();
  await expect(old).toHaveAccessibleDescription(literally(text('keys.passphrase_wrong')));
  await expectSound(page, 'keys-passphrase');
  await old.fill(CHOSEN);
  await dialog.getByRole('button', { name: text('settings.passphrase_change_now') }).click();
  await expect(dialog).toBeHidden();

  await page.reload();
  await passphrase(page).fill(CHOSEN);
  await button(page, 'keys.unlock').click();
  await expect(passphrase(page)).toHaveAccessibleDescription(literally(text('keys.passphrase_wrong')));
  await expectSound(page, 'keys-settings');
  await passphrase(page).fill(next);
  await button(page, 'keys.unlock').click();
  await expect(page.getByText(text('settings.vault_open', { count: 1 }))).toBeVisible();

  await button(page, 'settings.vault_erase').click();
  const asked = page.getByRole('dialog', { name: text('settings.vault_erase_title') });
  await asked.getByRole('button', { name: text('ui.cancel') }).click();
  await expect(page.getByText(text('settings.vault_open', { count: 1 }))).toBeVisible();
  await button(page, 'settings.vault_erase').click();
  await asked.getByRole('button', { name: text('settings.vault_erase_confirm') }).click();
  await expect(page.getByText(text('settings.no_vault'))).toBeVisible();
  await settingsOf(page, 'Changed');
  await expect(page.getByText(text('connections.key_missing'))).toBeVisible();
});

test('a key that was lost is forgotten and typed anew', async ({ page, key }) => {
  await connectIn(page, 'CometChat', 'device', CHOSEN, { key, name: 'Lost' });
  await page.reload();
  await button(page, 'keys.forget').click();
  await expect(heading(page, text('connections.needs_key_title', { name: 'Lost' }))).toBeVisible();
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
  await keepIn(page, 'memory');
  await button(page, 'connections.use_key').click();
  await expect(members(page)).toBeVisible();
  await page.reload();
  await expect(heading(page, text('connections.needs_key_title', { name: 'Lost' }))).toBeVisible();
});

test('keys are locked when nobody uses the console, and not before', async ({ page, key }) => {
  await page.clock.install();
  await connect(page, 'CometChat', { key, name: 'Idle' });
  await page.clock.fastForward('14:00');
  await page.mouse.click(5, 5);
  await page.clock.fastForward('14:00');
  await expect(members(page)).toBeVisible();
  await page.clock.fastForward('02:00');
  await expect(heading(page, text('connections.needs_key_title', { name: 'Idle' }))).toBeVisible();

  await go(page, 'settings');
  await page.getByLabel(text('settings.lock_after')).selectOption('never');
  await page.reload();
  await expect(page.getByLabel(text('settings.lock_after'))).toHaveValue('never');
  await settingsOf(page, 'Idle');
  await section(page, 'members');
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
  await button(page, 'connections.use_key').click();
  await expect(members(page)).toBeVisible();
  await page.clock.fastForward('05:00:00');
  await expect(members(page)).toBeVisible();
});

test('a run that is locked waits, and goes on once its key is unlocked', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connectIn(page, 'CometChat', 'device', CHOSEN, { key, name: 'Runs' });
  // The response to the first of three calls arrives after locking.
  const release = await hold(request, mark, citizen(1));
  await addMany(page, mark, citizens(61));
  await expect.poll(async () => Object.keys(await scopesOf(request, mark)).length).toBe(25);
  await lockAll(page).click();
  await release();
  await expect(passphrase(page)).toBeVisible();
  await expectSound(page, 'keys-run-locked');
  await passphrase(page).fill(CHOSEN);
  await button(page, 'run.go_on').click();
  await expect(page.getByRole('main').getByText(literally(text('results.n_added', { count: 61 })))).toBeVisible();
});

test('without encryption the device is not offered, and says why', async ({ page, key }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });
  });
  await fillConnection(page, 'CometChat', { key });
  const device = page.getByRole('radio', { name: text('keys.device') });
  await expect(device).toBeDisabled();
  await expect(page.getByText(text('keys.no_crypto'))).toBeVisible();
  await expectSound(page, 'keys-insecure');
});

test('a key with full power is warned of once', async ({ page, key, quiet }) => {
  quiet.about(/violates the (document's|following) Content Security Policy|Refused to connect|^violation: connect-src/);
  await page.goto('/connections/new');
  await page.getByRole('radio', { name: 'Networked' }).check();
  await page.getByLabel(text('connections.name'), { exact: true }).fill('Powerful');
  await expect(page.getByText(text('keys.power_title'))).toHaveCount(0);
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
  await expect(page.getByText(literally(text('vendors.networked.power')))).toBeVisible();
  await keepIn(page, 'device');
  await expectSound(page, 'keys-power');
  await keepIn(page, 'memory');
  await button(page, 'connections.add').click();
  await expect(members(page)).toBeVisible();
  await written(page, 'Powerful');
  await page.reload();
  const typed = page.getByLabel(text('connections.api_key'), { exact: true });
  await typed.fill(key);
  await expect(button(page, 'connections.use_key')).toBeVisible();
  await expect(page.getByText(text('keys.power_title'))).toHaveCount(0);
});

test('connections are taken along without keys, and what a file changes is shown first', async ({ page, context, key }, info) => {
  await connectIn(page, 'CometChat', 'memory', '', { key, name: 'Along', actingAs: 'cap-admin' });
  await go(page, 'all_connections');
  const started = page.waitForEvent('download');
  await button(page, 'connections.export').click();
  const file = JSON.parse(await readFile(await (await started).path(), 'utf8'));
  expect(file).toMatchObject({ muster: 'connections', format: 1, connections: [{ id: 'along', acting_as: 'cap-admin' }] });
  expect(JSON.stringify(file)).not.toContain(key);

  const [own] = file.connections;
  const hostile = {
    ...file,
    connections: [
      own,
      { ...own, id: 'fresh', name: '<img src=x onerror=alert(1)>' },
      { ...own, id: 'turned', name: 'Turned \u202egnp.exe' },
      { ...own, id: 'elsewhere', base_url: 'https://elsewhere.example/v3' },
      { ...own, id: 'script', name: 'Script', base_url: 'javascript:alert(1)' },
      { ...own, id: 'fresh', name: 'Twice' },
    ],
  };
  const path = info.outputPath('hostile.json');
  const dialog = page.getByRole('dialog', { name: text('connections.import_title') });
  const choose = async (content: string) => {
    await writeFile(path, content);
    await dialog.getByLabel(text('connections.import_file')).setInputFiles(path);
  };
  await button(page, 'connections.import').click();
  for (const [content, words] of [
    ['{', 'connections.file_malformed'],
    ['[]', 'connections.file_malformed'],
    [JSON.stringify({ ...file, muster: 'results' }), 'connections.file_other'],
    [JSON.stringify({ ...file, format: 99 }), 'connections.file_newer'],
    [' '.repeat(1_000_001), 'connections.file_large'],
  ]) {
    await choose(content);
    const beginning = text(words, words.endsWith('malformed') ? { line: 1, column: 1 } : {}).split(/[:,]/)[0];
    await expect(dialog.getByRole('alert')).toContainText(beginning);
  }
  await choose(JSON.stringify({ ...file, connections: [{ ...own, api_key: 'top-secret' }] }, null, 1));
  await expect(dialog.getByRole('alert')).toContainText(text('connections.file_field', { field: 'api_key' }));
  await expect(dialog.getByRole('alert')).not.toContainText('top-secret');

  await choose(JSON.stringify(hostile));
  const row = (name: string) => dialog.getByRole('listitem').filter({ hasText: name }).first();
  await expect(row('Along')).toContainText(text('connections.import_same'));
  await expect(row('onerror')).toContainText(text('connections.import_added'));
  await expect(row('Turned')).toContainText(text('connections.entry_name'));
  await expect(row('elsewhere.example')).toContainText(text('connections.import_not_called'));
  await expect(row('Script')).toContainText(text('connections.url_scheme'));
  await expect(row('Twice')).toContainText(text('connections.entry_double_id'));
  await expectSound(page, 'keys-import');
  await dialog.getByRole('button', { name: text('connections.import_take', { count: 2 }) }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: 'onerror' })).toBeVisible();
  await expect(page.locator('img')).toHaveCount(0);
  await expectSound(page, 'keys-connections');

  // A connection whose address has changed has no key.
  await button(page, 'connections.import').click();
  await choose(JSON.stringify({ ...file, connections: [{ ...own, base_url: 'http://127.0.0.1:1/v3' }] }));
  await expect(row('Along')).toContainText(text('connections.import_key_lost'));
  await dialog.getByRole('button', { name: text('connections.import_take', { count: 1 }) }).click();
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: 'http://127.0.0.1:1/v3' })).toContainText(text('connections.needs_key'));
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter(name => name.startsWith('muster.key')))).toEqual([]);
  expect(context.pages()).toHaveLength(1);
});

test('removing a connection says what is not finished, and takes everything along', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connectIn(page, 'CometChat', 'device', CHOSEN, { key, name: 'Going' });
  const release = await hold(request, mark, citizen(1));
  await addMany(page, mark, citizens(61));
  await expect.poll(async () => Object.keys(await scopesOf(request, mark)).length).toBe(25);
  await lockAll(page).click();
  await release();
  await expect(passphrase(page)).toBeVisible();
  await settingsOf(page, 'Going');
  await expectSound(page, 'keys-connection-locked');
  await button(page, 'connections.remove_button').click();
  const dialog = page.getByRole('dialog', { name: text('connections.remove_title', { name: 'Going' }) });
  await expect(dialog).toContainText(text('connections.remove_runs', { count: 1 }));
  await dialog.getByRole('button', { name: text('connections.remove_button') }).click();
  await expect(page.getByText(text('connections.none_title'))).toBeVisible();
  await expect(rail(page).getByText(text('shell.n_runs', { count: 1 }))).toHaveCount(0);
  const left = () => page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>(resolve => { request.onsuccess = () => resolve(request.result); });
    const database = await done(indexedDB.open('muster'));
    const names = [...database.objectStoreNames];
    const counts = await Promise.all(names.map(async name => [name, await done(database.transaction(name).objectStore(name).count())]));
    database.close();
    return Object.fromEntries(counts);
  });
  // The vault's header remains, because the passphrase belongs to the device.
  await expect.poll(left).toEqual({ connections: 0, runs: 0, plans: 0, lines: 0, budgets: 0, vault: 1, directories: 0, review: 0, chain: 0, 'readable-from-3': 0, 'readable-from-4': 0 });
});
