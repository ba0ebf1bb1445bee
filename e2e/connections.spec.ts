// Connections: added, examined, refused, locked, removed.
import { expect, test } from './support/test';
import { connect, fillConnection, go, rail, section, settingsOf, storedNames } from './support/connect';
import { pasteHere } from './support/compose';
import { BASES, type VendorName } from './support/sandbox';
import { text } from './support/text';

const VENDORS: VendorName[] = ['Genuin', 'Networked', 'CometChat'];

for (const vendor of VENDORS) {
  test(`a ${vendor} connection is added, listed, and needs its key after a reload`, async ({ page, key }) => {
    await connect(page, vendor, { key, name: `First ${vendor}` });
    await go(page, 'all_connections');
    const row = page.getByRole('main').getByRole('listitem').filter({ hasText: `First ${vendor}` });
    await expect(row).toContainText(BASES[vendor]);
    await expect(row).toContainText(text('connections.has_key'));

    await page.reload();
    await expect(row).toContainText(text('connections.needs_key'));
    await row.getByRole('link', { name: `First ${vendor}` }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(text('connections.needs_key_title', { name: `First ${vendor}` }));
    await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
    if (vendor === 'Genuin') await page.getByLabel(text('connections.api_secret')).fill('any-secret');
    await page.getByRole('button', { name: text('connections.use_key') }).click();
    await expect(page.getByRole('heading', { level: 1, name: text('members.title') })).toBeVisible();
  });
}

const BAD_ADDRESSES: [string, string][] = [
  ['', 'url_empty'],
  ['javascript:alert(1)', 'url_scheme'],
  ['data:text/html,x', 'url_scheme'],
  ['ftp://files.example', 'url_scheme'],
  ['backend.example', 'url_scheme'],
  ['https://ada:secret@backend.example', 'url_has_user'],
  ['https://backend.example/?key=1', 'url_has_query'],
  ['https://backend.example/#top', 'url_has_query'],
  ['https://back end.example', 'url_bad_host'],
  ['https://', 'url_bad_host'],
  ['https://backend.example/a/../b', 'url_bad_path'],
];

test('an address that cannot be used is refused with its reason', async ({ page, key }) => {
  await fillConnection(page, 'Networked', { key });
  const field = page.getByLabel(text('connections.base_url'));
  for (const [typed, reason] of BAD_ADDRESSES) {
    await test.step(typed || 'nothing', async () => {
      await field.fill(typed);
      await page.getByRole('button', { name: text('connections.add'), exact: true }).click();
      await expect(field).toHaveAccessibleDescription(new RegExp(text(`connections.${reason}`).slice(0, 40).replace(/[?/.]/g, '.')));
      await expect(field).toHaveAttribute('aria-invalid', 'true');
    });
  }
  await expect(page).toHaveURL(/connections\/new$/);
  await page.getByRole('button', { name: text('connections.examine') }).click();
  await expect(page.getByRole('region', { name: text('connections.doctor') })).toContainText(text('connections.form_first'));
});

test('a name and a key are asked for, and a key that cannot be a header is refused', async ({ page, key }) => {
  await fillConnection(page, 'CometChat', { key });
  const name = page.getByLabel(text('connections.name'), { exact: true });
  const secret = page.getByLabel(text('connections.api_key'), { exact: true });
  const add = page.getByRole('button', { name: text('connections.add'), exact: true });
  await name.fill(' ');
  await secret.fill('');
  await add.click();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await expect(secret).toHaveAccessibleDescription(new RegExp(text('connections.key_empty')));
  await secret.fill('a key with blanks');
  await expect(secret).toHaveAccessibleDescription(new RegExp(text('connections.key_not_ascii').slice(0, 30)));
  await secret.fill('ключ');
  await expect(secret).toHaveAccessibleDescription(new RegExp(text('connections.key_not_ascii').slice(0, 30)));
});

test('a key pasted with the end of its line works, and is hidden until asked for', async ({ page, key }) => {
  await fillConnection(page, 'CometChat', { key: '' });
  const secret = page.getByLabel(text('connections.api_key'), { exact: true });
  await secret.focus();
  await pasteHere(page, `${key}\n`);
  await expect(secret).toHaveValue(key);
  await expect(secret).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: text('ui.show_secret') }).click();
  await expect(secret).toHaveAttribute('type', 'text');
  await page.getByRole('button', { name: text('connections.add'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('members.title') })).toBeVisible();
});

const WRONG_KEYS: [VendorName, string, number][] = [
  ['CometChat', 'wrong-key', 401],
  ['CometChat', 'auth-only-key', 403],
  ['Networked', 'wrong-key', 401],
  ['Genuin', 'precondition-key', 412],
];

for (const [vendor, wrong, status] of WRONG_KEYS) {
  test(`the doctor says that ${vendor} refuses ${wrong}, without showing it`, async ({ page, quiet }) => {
    quiet.statuses(status, 401, 403, 404, 412);
    await fillConnection(page, vendor, { key: wrong });
    await page.getByRole('button', { name: text('connections.examine') }).click();
    const doctor = page.getByRole('region', { name: text('connections.doctor') });
    await expect(doctor).toContainText(new RegExp(`${text('doctor.key_refused')}|${text('doctor.roles_cannot')}`));
    await expect(doctor).toContainText(String(status));
    // A check that says more is drawn anew, which closes its details; once it has finished, none does.
    await expect(doctor.getByRole('button', { name: text('doctor.again') })).toBeVisible();
    const details = doctor.getByRole('button', { name: text('results.details') });
    await details.click();
    await expect(doctor).toContainText('curl');
    await expect(doctor).not.toContainText(wrong);
  });
}

for (const [fault, vendor] of [['html', 'CometChat'], ['other-service', 'Networked'], ['truncated', 'Networked'], ['empty-body', 'CometChat']] as const) {
  test(`the doctor says that an answer is not one of ${vendor}: ${fault}`, async ({ page, quiet }) => {
    quiet.statuses(401);
    await fillConnection(page, vendor, { key: `${fault}-key` });
    await page.getByRole('button', { name: text('connections.examine') }).click();
    const doctor = page.getByRole('region', { name: text('connections.doctor') });
    await expect(doctor).toContainText(new RegExp(`${text('doctor.unreadable', { vendor })}|${text('doctor.web_page', { vendor })}`));
  });
}

test('a key is forgotten when asked, and the connection is removed after a question', async ({ page, key }) => {
  await connect(page, 'CometChat', { key, name: 'Short-lived' });
  await settingsOf(page, 'Short-lived');
  await page.getByRole('button', { name: text('connections.lock') }).click();
  await expect(page.getByText(text('connections.key_missing'))).toBeVisible();
  await page.getByRole('button', { name: text('connections.remove_button') }).click();
  const dialog = page.getByRole('dialog', { name: text('connections.remove_title', { name: 'Short-lived' }) });
  await dialog.getByRole('button', { name: text('ui.cancel') }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: text('connections.remove_button') }).click();
  await dialog.getByRole('button', { name: text('connections.remove_button') }).click();
  await expect(page.getByText(text('connections.none_title'))).toBeVisible();
  await expect.poll(() => storedNames(page)).toEqual([]);
  await page.reload();
  await expect(page.getByText(text('connections.none_title'))).toBeVisible();
});

test('an address of a connection that is gone says so', async ({ page }) => {
  await page.goto('/c/no-such-one/members');
  await expect(page.getByText(text('connections.unknown_heading'))).toBeVisible();
  await page.goto('/connections/no-such-one');
  await expect(page.getByText(text('connections.unknown_heading'))).toBeVisible();
});

test('a connection that was renamed carries its new name everywhere', async ({ page, key }) => {
  await connect(page, 'CometChat', { key, name: 'Old name' });
  await settingsOf(page, 'Old name');
  await page.getByLabel(text('connections.name'), { exact: true }).fill('New <b>name</b>');
  await page.getByRole('button', { name: text('connections.save') }).click();
  await expect(rail(page).getByRole('link', { name: 'New <b>name</b>' })).toBeVisible();
  await section(page, 'members');
  await expect(page.getByRole('main').getByRole('link', { name: 'New <b>name</b>' })).toBeVisible();
});

test('a connection is tested before it has a name', async ({ page, key, quiet }) => {
  // The first call goes out without the key.
  quiet.statuses(401);
  await page.goto('/connections/new');
  await page.getByRole('radio', { name: 'CometChat' }).check();
  await page.getByRole('button', { name: text('connections.use_sandbox') }).click();
  await page.getByLabel(text('connections.name'), { exact: true }).fill('');
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
  await page.getByRole('button', { name: text('connections.examine') }).click();
  await expect(page.getByRole('region', { name: text('connections.doctor') })).toContainText(text('doctor.summary_fine'));
  await page.getByRole('button', { name: text('connections.add'), exact: true }).click();
  await expect(page.getByLabel(text('connections.name'), { exact: true })).toHaveAttribute('aria-invalid', 'true');
});

test('the samples on the sandbox server are one click, too', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: text('overview.look_server') }).click();
  await page.getByRole('article', { name: 'Superhero fans' }).getByRole('link', { name: text('shell.section_members') }).click();
  await expect(page.getByRole('grid', { name: text('members.title') }).getByRole('row').nth(1)).toBeVisible();
});
