// Invites: those that leave, those that fail, those that are passed over in silence.
import { expect, test } from './support/test';
import { connect, section } from './support/connect';
import { expectRow, openDetails, pastePeople, pickGroup, send } from './support/compose';
import { text } from './support/text';

test('Networked: each address gets an outcome of its own', async ({ page, key, mark }) => {
  await connect(page, 'Networked', { key });
  await section(page, 'invites');
  await expect(page.getByText(text('invites.none_sent'))).toBeVisible();
  await pastePeople(page, [
    `Ok <ok.${mark}@new.example>`,
    `Passed over <gone.${mark}@skipped.example>`,
    `Not valid <bad.${mark}@invalid.example>`,
    `There already <there.${mark}@duplicate.example>`,
    `Not allowed <no.${mark}@not-permitted.example>`,
    `No seat <full.${mark}@failure-object.example>`,
  ].join('\n'));
  await page.getByLabel(text('add.role')).selectOption('Viewer');
  await page.getByLabel(text('invites.note')).fill('Welcome <b>aboard</b>');
  await send(page);
  await expectRow(page, 'Ok', 'done', text('results.done_invited'));
  await expectRow(page, 'Passed over', 'unknown', text('errors.networked.row_skipped.meaning'));
  await expectRow(page, 'Not valid', 'refused', text('errors.networked.failure_validation.meaning'));
  await expectRow(page, 'There already', 'same', text('errors.networked.failure_duplicate.meaning'));
  await expectRow(page, 'Not allowed', 'refused', text('errors.networked.failure_permissions.meaning'));
  await expectRow(page, 'No seat', 'refused', text('errors.networked.failure_other.meaning'));
  await expect(await openDetails(page, 'No seat')).toContainText('No seat left');
  const sent = page.getByRole('region', { name: text('invites.sent') }).first();
  await expect(sent.getByRole('row')).toHaveCount(7);
});

test('Genuin: an invite into a community', async ({ page, key }) => {
  await connect(page, 'Genuin', { key });
  await section(page, 'invites');
  await pickGroup(page, '10000000-0000-4000-8000-000000000002', 'community');
  await pastePeople(page, '15550100077');
  await send(page);
  await expectRow(page, '15550100077', 'done', text('results.done_invited'));
});

test('CometChat has no invites, and its page says what to do instead', async ({ page, key }) => {
  await connect(page, 'CometChat', { key, name: 'Chat' });
  await page.evaluate(() => {
    history.pushState({}, '', location.pathname.replace(/members$/, 'invites'));
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(page.getByText(text('invites.none_title', { vendor: 'CometChat' }))).toBeVisible();
  await expect(page.getByRole('link', { name: text('invites.add_instead') })).toBeVisible();
});
