// A hostile service: every screen stays intact, and none of its code runs.
import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from './support/test';
import { copied } from './support/clipboard';
import { connect, go, section } from './support/connect';
import { addMany, openDetails, pastePeople, pickGroup, send } from './support/compose';
import { expectHarmless, guard } from './support/harm';
import { citizens, makeGroup } from './support/sandbox';
import { settled } from './support/screens';
import { literally, text } from './support/text';

const main = (page: Page) => page.getByRole('main');
const firstRow = (page: Page) => main(page).getByRole('rowheader').first();

/** Markup at the end of every id. */
const TAIL = '"><svg/onload=globalthis.hostileran=1>';

/** Statuses of refused calls, which the browser logs by itself. */
const REFUSALS = [400, 401, 403, 404, 409, 422, 429, 500];

test('CometChat in hostile words: every screen, from the list to what was taken along', async ({ page, mark, request, quiet }) => {
  test.slow();
  quiet.statuses(...REFUSALS);
  const caught = await guard(page, quiet);
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key: `hostile-words-key-${mark}` });

  await test.step('members, and one of them', async () => {
    await expect(firstRow(page)).toBeVisible();
    await expectHarmless(page, caught, 'members');
    await page.getByRole('searchbox').fill('<script>');
    await expect(main(page).getByRole('rowheader').first()).toContainText('<script>');
    await expectHarmless(page, caught, 'members who are found');
    await firstRow(page).click();
    const drawer = page.getByRole('complementary').last();
    await expect(drawer).toContainText(TAIL);
    await expectHarmless(page, caught, 'a member');
    await drawer.getByRole('button', { name: text('ui.close') }).click();
  });

  await test.step('add: picker, results, details, copy', async () => {
    await section(page, 'add');
    await page.getByRole('combobox', { name: text('groups.pick_group') }).click();
    await expect(page.getByRole('option').first()).toBeVisible();
    // An option says as well that the groups are being read.
    await settled(page);
    await expectHarmless(page, caught, 'the picker');
    await pickGroup(page, mark);
    await pastePeople(page, 'newcomer-nia\nuid-not-found\nalready-joined');
    await expectHarmless(page, caught, 'the form');
    await send(page);
    await openDetails(page, 'uid-not-found');
    await settled(page);
    await expectHarmless(page, caught, 'results');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await main(page).getByRole('button', { name: text('results.copy_curl') }).first().click();
    await expect(page.getByText(text('ui.copied'))).toBeAttached();
    const command = await copied(page);
    expect(command).toContain('curl');
    expect(command).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  for (const name of ['moderators', 'groups'] as const) {
    await test.step(name, async () => {
      await section(page, name);
      await settled(page);
      await expectHarmless(page, caught, name);
    });
  }

  await test.step('a group with its scopes', async () => {
    await firstRow(page).getByRole('link').click();
    await expect(page).toHaveURL(/\/groups\/./);
    await expect(main(page).getByRole('heading', { level: 1 })).not.toBeEmpty();
    await settled(page);
    await expectHarmless(page, caught, 'a group');
  });

  await test.step('a run on a page of its own, taken along', async () => {
    await addMany(page, mark, [...citizens(55), 'uid-not-found']);
    await expect(main(page).getByText(literally(text('results.n_added', { count: 55 })))).toBeVisible();
    await expectHarmless(page, caught, 'a run');
    for (const name of ['run.download_csv', 'run.download_json']) {
      const started = page.waitForEvent('download');
      await page.getByRole('button', { name: text(name), exact: true }).click();
      const content = await readFile(await (await started).path(), 'utf8');
      expect(content).toContain('uid-not-found');
      expect(content).not.toMatch(/[\u202a-\u202e\u2066-\u2069]|^[=@]|,[=@]/m);
    }
  });

  for (const name of ['activity', 'overview', 'all_connections'] as const) {
    await test.step(name, async () => {
      await go(page, name);
      await settled(page);
      await expectHarmless(page, caught, name);
    });
  }
});

test('Networked in hostile words: members, roles, plans and invites', async ({ page, mark, quiet }) => {
  quiet.statuses(...REFUSALS);
  const caught = await guard(page, quiet);
  await connect(page, 'Networked', { key: `hostile-words-key-${mark}` });
  await expect(firstRow(page)).toBeVisible();
  await expectHarmless(page, caught, 'members');
  await firstRow(page).click();
  await expect(page.getByRole('complementary').last()).toBeVisible();
  await settled(page);
  await expectHarmless(page, caught, 'a member');
  await page.getByRole('complementary').last().getByRole('button', { name: text('ui.close') }).click();
  await section(page, 'add');
  const role = page.getByLabel(text('add.role'));
  await expect(role.locator('option').nth(1)).toBeAttached();
  await expectHarmless(page, caught, 'the form');
  await section(page, 'invites');
  await settled(page);
  await page.getByLabel(text('add.role')).selectOption({ index: 2 });
  await pastePeople(page, `Ada <ada-${mark}@invalid.example>\nBo <bo-${mark}@club.example>`);
  await send(page);
  await openDetails(page, 'Ada');
  await settled(page);
  await expectHarmless(page, caught, 'results');
  await section(page, 'moderators');
  await settled(page);
  await expectHarmless(page, caught, 'moderators');
});

test('Genuin in hostile words: what is kept of a run', async ({ page, mark, quiet }) => {
  quiet.statuses(...REFUSALS);
  const caught = await guard(page, quiet);
  const community = '10000000-0000-4000-8000-000000000002';
  await connect(page, 'Genuin', { key: `hostile-words-key-${mark}`, communities: `${community} Small one` });
  await section(page, 'add');
  await pickGroup(page, community, 'community');
  await pastePeople(page, '30000000-0000-4000-8000-000000000075\n3fffffff-0000-4000-8000-00000000abcd');
  await send(page);
  await openDetails(page, '3fffffff-0000-4000-8000-00000000abcd');
  await settled(page);
  await expectHarmless(page, caught, 'results');
  for (const name of ['members', 'moderators', 'groups'] as const) {
    await section(page, name);
    await settled(page);
    await expectHarmless(page, caught, name);
  }
});

for (const kind of ['errors', 'long', 'huge', 'deep', 'types', 'endless', 'json', 'headers']) {
  test(`a service that is hostile in another way stays a service: ${kind}`, async ({ page, mark, quiet }) => {
    test.slow();
    quiet.statuses(...REFUSALS);
    const caught = await guard(page, quiet);
    for (const vendor of ['CometChat', 'Networked'] as const) {
      await connect(page, vendor, { key: `hostile-${kind}-key-${mark}`, name: `Hostile ${vendor}` });
      // Networked allows ten calls a minute.
      const sections = vendor === 'Networked' ? (['members', 'add'] as const) : (['members', 'add', 'moderators', 'groups'] as const);
      for (const name of sections) {
        await test.step(`${vendor}: ${name}`, async () => {
          await section(page, name);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
          await settled(page);
          await expectHarmless(page, caught, `${kind}: ${vendor}, ${name}`);
        });
      }
    }
    // The page still responds: it navigates and accepts input.
    await go(page, 'overview');
    await settled(page);
    await expectHarmless(page, caught, `${kind}: overview`);
    await go(page, 'sandbox');
    const search = page.getByRole('searchbox', { name: text('sandbox.search') });
    await search.fill(`hostile-${kind}`);
    await expect(main(page).getByText(`hostile-${kind}-key`)).toBeVisible();
  });
}
