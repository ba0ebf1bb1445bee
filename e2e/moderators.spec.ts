// Moderators: a call, a role or a scope, depending on the vendor.
import { expect, test } from './support/test';
import { connect, section } from './support/connect';
import { addMore, expectRow, pastePeople, pickGroup, send, sendButton } from './support/compose';
import { makeGroup, scopesOf } from './support/sandbox';
import { text } from './support/text';

const STUDIO = '10000000-0000-4000-8000-000000000001';
const COMMUNITY = '10000000-0000-4000-8000-000000000002';
const genuinUser = (n: number) => `30000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

test('Genuin: people become moderators by a call, and are listed from then on', async ({ page, key }) => {
  await connect(page, 'Genuin', { key });
  await section(page, 'moderators');
  await expect(page.getByText(text('moderators.unknown_title'))).toBeVisible();
  await pickGroup(page, COMMUNITY, 'community');
  await pastePeople(page, `${genuinUser(68)}\n${genuinUser(69)}`);
  await send(page);
  await expectRow(page, genuinUser(68), 'done', text('common.scope_moderator'));
  const who = page.getByRole('region', { name: text('moderators.who') });
  await expect(who.getByRole('row').filter({ hasText: genuinUser(69) })).toBeVisible();
});

test('Genuin: a phone number becomes the id that an answer told, or is refused before sending', async ({ page, key }) => {
  const [known, stranger] = ['15550100061', '15550100062'];
  await connect(page, 'Genuin', { key });
  await section(page, 'moderators');
  await pickGroup(page, STUDIO, 'community');
  await pastePeople(page, known);
  const reason = (found: string) => page.getByText(text('problems.id_unknown', { vendor: 'Genuin', found }));
  await expect(reason(known).first()).toBeVisible();
  await expect(page.getByRole('button', { name: text('add.button_moderate_none'), exact: true })).toHaveAttribute('aria-disabled', 'true');

  await section(page, 'add');
  await pickGroup(page, STUDIO, 'community');
  await pastePeople(page, known);
  await send(page);
  await expectRow(page, known, 'done');

  await section(page, 'moderators');
  await pickGroup(page, STUDIO, 'community');
  await pastePeople(page, `${known}\n${stranger}`);
  await expect(reason(stranger).first()).toBeVisible();
  await expect(reason(known)).toHaveCount(0);
  await expect(page.getByText(text('plan.refused_here', { count: 1 }))).toBeVisible();
  await expect(page.getByText(text('plan.to_send', { count: 1 }))).toBeVisible();
  await expect(sendButton(page)).toHaveText(text('add.button_moderate', { count: 1 }));
  await send(page);
  await expectRow(page, known, 'done', text('common.scope_moderator'));
  // Only people who were sent have left the box.
  await addMore(page);
  const box = page.getByRole('list', { name: text('add.recognised') });
  await expect(box).toContainText(stranger);
  await expect(box).not.toContainText(known);
  const who = page.getByRole('region', { name: text('moderators.who') });
  await expect(who.getByRole('row').filter({ hasText: genuinUser(61) })).toBeVisible();
});

test('Networked: moderating is a role; who has it is read when asked', async ({ page, key, mark }) => {
  await connect(page, 'Networked', { key });
  await section(page, 'moderators');
  const who = page.getByRole('region', { name: text('moderators.who') });
  await who.getByRole('button', { name: text('moderators.read') }).click();
  await expect(who.getByRole('row').filter({ hasText: 'owner@founders.example' })).toBeVisible();
  await pastePeople(page, `Mod <mod.${mark}@new.example>`);
  const role = page.getByLabel(text('add.role'));
  await expect(role.getByRole('option')).toHaveText([text('add.choose_role'), 'Moderator']);
  await role.selectOption('Moderator');
  await send(page);
  await expectRow(page, 'Mod', 'done');
});

test('CometChat: members are promoted, others come in as moderators', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark, { admins: ['fan-051'], participants: ['fan-052'] });
  await connect(page, 'CometChat', { key });
  await section(page, 'moderators');
  await expect(page.getByText(text('moderators.pick_title'))).toBeVisible();
  await pickGroup(page, mark);
  const who = page.getByRole('region', { name: text('moderators.who') });
  await expect(who.getByRole('row').filter({ hasText: 'fan-051' })).toBeVisible();
  await pastePeople(page, 'fan-052\nfan-053');
  await send(page);
  await expectRow(page, 'fan-052', 'done');
  await expectRow(page, 'fan-053', 'done');
  expect(await scopesOf(request, mark)).toMatchObject({ 'fan-052': 'moderator', 'fan-053': 'moderator' });
});
