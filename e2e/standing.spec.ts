// A person's standing in a group decides what is sent: members with another scope, and banned people.
import { expect, test } from './support/test';
import { connect, section } from './support/connect';
import { addMore, expectRow, pastePeople, pickGroup, send, sendButton } from './support/compose';
import { ban, bannedFrom, makeGroup, scopesOf } from './support/sandbox';
import { text } from './support/text';

// The vendor does not document which of the two happens; here the key decides, regardless of the sandbox's
// switches.
for (const [how, begins, isLifted] of [['lifts the ban', 'bans-lift-key-', true], ['is refused', 'bans-hold-key-', false]] as const) {
  test(`adding a banned person is asked about, and ${how}`, async ({ page, key, mark, request }) => {
    await makeGroup(request, mark, { participants: ['fan-161'], moderators: ['fan-162'] });
    await ban(request, mark, 'fan-161');
    await connect(page, 'CometChat', { key: begins + key });
    await section(page, 'add');
    await pickGroup(page, mark);
    await pastePeople(page, 'fan-161\nfan-163');
    const warning = page.getByText(text('problems.banned_people', { count: 1, people: 'fan-161', vendor: 'CometChat' }));
    await expect(warning).toBeVisible();
    await expect(sendButton(page)).toHaveAttribute('aria-disabled', 'true');
    await expect(page.getByText(text('plan.confirm_first'))).toBeVisible();
    await send(page);
    await expectRow(page, 'fan-163', 'done');
    if (isLifted) {
      await expectRow(page, 'fan-161', 'done', text('common.scope_participant'));
      expect(await scopesOf(request, mark)).toMatchObject({ 'fan-161': 'participant', 'fan-163': 'participant' });
    } else {
      await expectRow(page, 'fan-161', 'refused', text('errors.cometchat.err_banned_groupmember.operator'));
      expect(await bannedFrom(request, mark)).toContain('fan-161');
    }
  });

  test(`banned people are no moderators where adding one ${how}`, async ({ page, key, mark, request }) => {
    await makeGroup(request, mark, { moderators: ['fan-171', 'fan-172'] });
    await ban(request, mark, 'fan-171');
    await connect(page, 'CometChat', { key: begins + key });
    await section(page, 'moderators');
    await pickGroup(page, mark);
    const who = page.getByRole('region', { name: text('moderators.who') });
    await expect(who.getByRole('row').filter({ hasText: 'fan-172' })).toBeVisible();
    await expect(who.getByRole('row').filter({ hasText: 'fan-171' })).toHaveCount(0);
    await pastePeople(page, 'fan-171');
    await expect(page.getByText(text('problems.banned_people', { count: 1, people: 'fan-171', vendor: 'CometChat' }))).toBeVisible();
  });
}

test('a member who is added with another scope gets it; whose scope is not known is read', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark, { participants: ['fan-181'] });
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'fan-181\nfan-182\nalready-joined\njoined-otherwise');
  await page.getByRole('button', { name: text('add.different_for_some') }).click();
  await page.getByLabel(text('add.scope_of', { name: 'fan-181' })).selectOption('moderator');
  await send(page);
  await expectRow(page, 'fan-181', 'done', text('common.scope_moderator'));
  await expectRow(page, 'fan-182', 'done', text('common.scope_participant'));
  await expectRow(page, 'already-joined', 'same', text('results.same_scope', { scope: text('common.scope_participant') }));
  await expectRow(page, 'joined-otherwise', 'refused', text('errors.console.row_other_scope.meaning'), text('errors.console.row_other_scope.operator'));
  expect(await scopesOf(request, mark)).toMatchObject({
    'fan-181': 'moderator', 'fan-182': 'participant', 'already-joined': 'participant', 'joined-otherwise': 'moderator',
  });

  await test.step('the form knows by now, and changes the scope', async () => {
    await addMore(page);
    await expect(page.getByText(text('add.reading_group'))).toHaveCount(0);
    await expect(page.getByText(text('plan.set_scope', { count: 1, group: `Group ${mark}` })).first()).toBeVisible();
    await send(page);
    await expectRow(page, 'joined-otherwise', 'done', text('common.scope_participant'));
    expect(await scopesOf(request, mark)).toMatchObject({ 'joined-otherwise': 'participant' });
  });
});
