// Everything that opens on a screen: results, details, drawers, dialogs, lists. Accessible, and complete on a
// phone.
import { expect, test } from './support/test';
import { violations } from './support/axe';
import { expectOver, expectPlanned, openDetails, pastePeople, pickGroup, row, send, sendButton } from './support/compose';
import { connect, groupAction } from './support/connect';
import { expectSound } from './support/looks';
import { addSamples } from './support/screens';
import { literally, scopeCell, text } from './support/text';

// Checking each state in four looks may take a busy machine more than a minute.
test.beforeEach(() => test.slow());

test('a faulty list, its results and their details', async ({ page }) => {
  await addSamples(page);
  await page.goto('/c/superhero-fans/members/add');
  const group = page.getByRole('combobox', { name: text('groups.pick_group') });
  await group.fill('book');
  // The list follows what is typed a moment later.
  await expect(page.getByRole('option')).toHaveText([/Book circle/]);
  await expectSound(page, 'opened-suggestions');
  await pickGroup(page, 'book-circle');
  await pastePeople(page, `${'a'.repeat(101)}\nليلى حداد <fan-121>\nFAN-122\nfan-122\nada@example.org\nuid-not-found\nrow-missing\nalready-joined`);
  await page.getByRole('button', { name: text('add.different_for_some') }).click();
  await expectPlanned(sendButton(page));
  await expectSound(page, 'opened-list');
  await send(page);
  await expect(row(page, 'uid-not-found')).toContainText(text('results.refused'));
  await expect(await openDetails(page, 'uid-not-found')).toContainText('ERR_UID_NOT_FOUND');
  await page.getByRole('button', { name: literally(text('results.named', { count: 2 })) }).click();
  await expect(page.getByRole('region', { name: text('results.named_people') })).toBeVisible();
  await expectSound(page, 'opened-results');
});

test('marked scopes, their review and the questions of a group', async ({ page }) => {
  await addSamples(page);
  await page.goto('/c/superhero-fans/groups/superhero-fans');
  for (const name of [scopeCell('Aurora Sørensen', 'participant'), scopeCell('Captain Admin', 'moderator')]) {
    const cell = page.getByRole('radio', { name, exact: true });
    await cell.click();
    await expect(cell).toBeChecked();
  }
  await expectSound(page, 'opened-marked');
  await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
  await expect(page.getByRole('complementary', { name: text('scopes.review_title', { count: 2 }) })).toContainText('Aurora Sørensen');
  await expectSound(page, 'opened-review');
  await groupAction(page, 'delete');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectSound(page, 'opened-dialog');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await groupAction(page, 'edit');
  await expect(page.getByRole('button', { name: text('groups.save') })).toBeVisible();
  await expectSound(page, 'opened-edit');
});

test('the menus of the top bar and, on a phone, the rail', async ({ page }) => {
  await addSamples(page);
  await page.getByRole('button', { name: text('shell.theme') }).click();
  await expect(page.getByRole('menuitemradio').first()).toBeVisible();
  await expectSound(page, 'opened-menu');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('button', { name: text('shell.open_menu') }).click();
  await expect(page.getByRole('link', { name: text('shell.settings') })).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect.soft(await violations(page), `the rail, ${colorScheme}`).toEqual([]);
  }
  await page.getByRole('link', { name: text('shell.settings') }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
  await expect(page.getByRole('link', { name: text('shell.settings') })).toBeHidden();
});

test('the activity with an opened entry, and the overview after it', async ({ page }) => {
  await addSamples(page);
  await page.getByRole('article', { name: 'Superhero fans' }).getByRole('link', { name: text('shell.section_add') }).click();
  await pickGroup(page, 'book-circle');
  await pastePeople(page, 'fan-131\nuid-not-found\nrow-missing');
  await send(page);
  await expect(row(page, 'fan-131')).toContainText(text('results.done'));
  await expectOver(page);
  await page.getByRole('link', { name: text('shell.activity'), exact: true }).click();
  await page.getByRole('grid', { name: text('activity.entries') }).getByRole('row').filter({ hasText: 'uid-not-found' }).click();
  await expect(page.getByRole('main')).toContainText('ERR_UID_NOT_FOUND');
  await expectSound(page, 'opened-activity');
  await page.getByRole('link', { name: text('shell.overview') }).click();
  await page.getByRole('button', { name: text('overview.chart_table') }).click();
  await expect(page.getByRole('region', { name: text('overview.chart_table') })).toBeVisible();
  await expectSound(page, 'opened-overview');
});

test('the questions before something is gone for good', async ({ page }) => {
  await addSamples(page);
  const QUESTIONS: [string, string, string][] = [
    ['/settings', text('settings.erase'), text('settings.erase_keep')],
    ['/sandbox', text('sandbox.reset'), text('sandbox.reset_keep')],
    ['/connections/loop-studio', text('connections.remove_button'), text('ui.cancel')],
  ];
  for (const [path, button, keep] of QUESTIONS) {
    await page.goto(path);
    await page.getByRole('button', { name: button, exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectSound(page, `opened-question${path.replaceAll('/', '-')}`);
    await page.getByRole('dialog').getByRole('button', { name: keep }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
  }
});

test('a connection without its key', async ({ page, key }) => {
  await connect(page, 'CometChat', { key, name: 'Locked' });
  await page.reload();
  await expect(page.getByLabel(text('connections.api_key'), { exact: true })).toBeVisible();
  await expectSound(page, 'opened-locked');
  await page.getByRole('link', { name: text('shell.overview') }).click();
  await expect(page.getByText(text('overview.key_missing'), { exact: true })).toBeVisible();
  await expectSound(page, 'opened-overview-locked');
});
