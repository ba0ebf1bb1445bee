// Lists as people bring them: mails, spreadsheets, phone lists. What is read is shown, and nothing is guessed.
import { expect, test, type Page } from './support/test';
import { connect, section } from './support/connect';
import { expectRow, pastePeople, peopleBox, pickGroup, send, sendButton } from './support/compose';
import { bannedFrom, makeGroup, scopesOf } from './support/sandbox';
import { literally, text } from './support/text';

const COMMUNITY = '10000000-0000-4000-8000-000000000002';

/** The people in the box. */
const chips = (page: Page) => page.getByRole('list', { name: text('add.recognised') });

/** The field that asks what a word in a column of scopes means. */
const scopeWord = (page: Page, found: string) => page.getByLabel(text('add.scope_word', { found }));

test('Networked: the recipients of a mail are all there, with their names', async ({ page, key, mark }) => {
  await connect(page, 'Networked', { key });
  await section(page, 'invites');
  const at = (name: string) => `${name}-${mark}@club.example`;
  await pastePeople(page, `To: Alain <${at('alain')}> Michel <${at('michel')}>; "Okonkwo, Ada" <${at('ada')}>; Berg, Bo <${at('bo')}>, Zed;`);
  for (const name of ['Alain', 'Michel', 'Okonkwo, Ada', 'Berg, Bo']) {
    await expect(chips(page).getByRole('button', { name: text('ui.take_out', { name }), exact: true })).toBeVisible();
  }
  // What belongs to nobody is shown, and not sent.
  await expect(page.getByText(literally(text('problems.not_understood', { found: 'Zed' })))).toBeVisible();
  await page.getByLabel(text('add.role')).selectOption('Viewer');
  await send(page);
  for (const name of ['Alain', 'Michel', 'Okonkwo, Ada', 'Berg, Bo']) await expectRow(page, name, 'done');
});

test('CometChat: a word that is no scope is asked about once, and never let in as a participant', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'Name;UID;Role;Joined\r\nMila;fan-061;Moderator;2024\r\nNoor;fan-062;Blocked;\r\nOle;fan-063;blocked;\r\nPia;fan-064;;\r\n');
  await expect(page.getByText(literally(text('add.unused_columns', { columns: 'Joined' })))).toBeVisible();
  await expect(sendButton(page)).toHaveText(text('add.button_add', { count: 2 }));
  await expect(page.getByText(literally(text('problems.unknown_scope', { found: 'Blocked' })))).toBeVisible();
  await expect(scopeWord(page, 'Blocked')).toHaveCount(1);
  await scopeWord(page, 'Blocked').selectOption(text('common.scope_banned'));
  await expect(page.getByText(literally(text('problems.unknown_scope', { found: 'Blocked' })))).toHaveCount(0);
  await expect(page.getByText(text('add.n_recognised', { count: 4 }), { exact: true })).toBeVisible();
  await send(page);
  await expectRow(page, 'Mila', 'done', text('common.scope_moderator'));
  await expectRow(page, 'Noor', 'done');
  await expectRow(page, 'Pia', 'done', text('common.scope_participant'));
  expect(await scopesOf(request, mark)).toMatchObject({ 'fan-061': 'moderator', 'fan-064': 'participant' });
  expect((await bannedFrom(request, mark)).sort()).toEqual(['fan-062', 'fan-063']);
});

test('CometChat: two scopes of one person block until one is chosen', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'fan-071,moderator\nFAN-071,admin\nfan-072,admin');
  const said = page.getByText(literally(text('problems.two_scopes', { found: 'fan-071' })));
  await expect(said.first()).toBeVisible();
  await expect(sendButton(page)).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: text('add.different_for_some') }).click();
  await page.getByLabel(text('add.scope_of', { name: 'fan-071' })).selectOption(text('common.scope_moderator'));
  await expect(said).toHaveCount(0);
  await send(page);
  await expectRow(page, 'fan-071', 'done', text('common.scope_moderator'));
  expect(await scopesOf(request, mark)).toMatchObject({ 'fan-071': 'moderator', 'fan-072': 'admin' });
});

test('Genuin: phone numbers from a spreadsheet are read as they were, or refused', async ({ page, key }) => {
  await connect(page, 'Genuin', { key, communities: `${COMMUNITY} Small one` });
  await section(page, 'add');
  await pickGroup(page, COMMUNITY, 'community');
  await pastePeople(page, 'Name\tPhone\nMila\t15550100077.0\nNoor\t1.555E+10\nOle\t(555) 010-0079');
  await expect(page.getByText(literally(text('problems.read_as', { found: '+15550100077' })))).toBeVisible();
  await expect(page.getByText(literally(text('problems.digits_lost')))).toBeVisible();
  await expect(page.getByText(literally(text('problems.country_missing')))).toBeVisible();
  await expect(sendButton(page)).toHaveText(text('add.button_add', { count: 1 }));
  const country = page.getByLabel(text('add.country'));
  await country.fill('+4x');
  await expect(page.getByText(text('add.country_bad'))).toBeVisible();
  await country.fill('+1');
  await expect(page.getByText(literally(text('problems.read_as', { found: '+15550100079' })))).toBeVisible();
  await send(page);
  await expectRow(page, 'Mila', 'done');
  await expectRow(page, 'Ole', 'done');
});

test('a list that is dropped on the field keeps its lines', async ({ page, key }) => {
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await peopleBox(page).evaluate(field => {
    const data = new DataTransfer();
    data.setData('text/plain', 'uid\nfan-081\nfan-082\n');
    field.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(chips(page).getByRole('button')).toHaveCount(2);
  await expect(chips(page)).toContainText('fan-082');
});

test('a name that is typed may have a comma, in quotation marks or in a field of its own', async ({ page, key }) => {
  await connect(page, 'Networked', { key });
  await section(page, 'invites');
  await peopleBox(page).pressSequentially('"Okonkwo, Ada" <ada@club.example>');
  await peopleBox(page).press('Enter');
  await expect(chips(page).getByRole('button', { name: text('ui.take_out', { name: 'Okonkwo, Ada' }) })).toBeVisible();
  await page.getByLabel(text('add.name'), { exact: true }).fill('Berg, "Bo"');
  await page.getByLabel(text('add.email'), { exact: true }).fill('bo@club.example');
  await page.getByRole('button', { name: text('add.to_list') }).click();
  await expect(chips(page)).toContainText('Berg, "Bo"');
  // Both are still there after the form is left.
  await section(page, 'members');
  await section(page, 'invites');
  await expect(chips(page)).toContainText('Okonkwo, Ada');
  await expect(chips(page)).toContainText('Berg, "Bo"');
});
