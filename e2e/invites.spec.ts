// Invites: those that are sent, those that fail, those that are skipped silently.
import { expect, test } from './support/test';
import { connect, section } from './support/connect';
import { expectPlanned, expectRow, openDetails, pastePeople, pickGroup, send, sendButton } from './support/compose';
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
  const note = text('problems.undocumented_flow', { vendor: 'Genuin' });
  await expect(page.getByText(note)).toHaveCount(1);
  await send(page);
  await expectRow(page, '15550100077', 'done', text('results.done_undocumented', { vendor: 'Genuin' }));
  await page.getByRole('link', { name: text('results.open_run') }).first().click();
  await expect(page).toHaveURL(/\/runs\/p\w[^/]*$/);
  await expect(page.getByText(note)).toBeVisible();
});

for (const flow of ['single_tap', 'approve'] as const) {
  test(`Genuin: ${flow}, which the vendor does not document, is said to be open before and after`, async ({ page, key }) => {
    const note = text('problems.undocumented_flow', { vendor: 'Genuin' });
    await connect(page, 'Genuin', { key });
    await section(page, 'add');
    await pickGroup(page, '10000000-0000-4000-8000-000000000001', 'community');
    await pastePeople(page, flow === 'single_tap' ? '15550100063' : '15550100064');
    await expectPlanned(sendButton(page));
    await expect(page.getByText(note)).toHaveCount(0);
    await page.getByRole('radio', { name: text(`add.flow_${flow}`) }).check();
    await expect(page.getByText(note)).toBeVisible();
    await send(page);
    const results = page.getByRole('region', { name: /1 (done|added|invited|unknown)/ });
    await expect(results.getByText(note)).toBeVisible();
  });
}

test('Genuin: onboarding is said to be open before and after', async ({ page, key }) => {
  const note = text('problems.undocumented_flow', { vendor: 'Genuin' });
  await connect(page, 'Genuin', { key });
  await section(page, 'add');
  await pickGroup(page, '10000000-0000-4000-8000-000000000001', 'community');
  await pastePeople(page, '15550100066');
  await page.getByLabel(text('add.onboarding')).check();
  await expect(page.getByText(note)).toBeVisible();
  await send(page);
  await expectRow(page, '15550100066', 'done', text('results.done_undocumented', { vendor: 'Genuin' }));
});

test('CometChat has no invites, and its page says what to do instead', async ({ page, key }) => {
  await connect(page, 'CometChat', { key, name: 'Chat' });
  await page.evaluate(() => {
    history.pushState({}, '', location.pathname.replace(/members$/, 'invites'));
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(page.getByText(text('invites.none_title', { vendor: 'CometChat' }))).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: text('invites.add_instead') })).toBeVisible();
});
