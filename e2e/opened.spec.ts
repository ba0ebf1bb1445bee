// What opens on a screen: results, details, drawers, dialogs, lists. Accessible, and whole on a phone.
import { mkdirSync } from 'node:fs';
import { expect, test, type Page } from './support/test';
import { violations } from './support/axe';
import { pastePeople, pickGroup, row, send } from './support/compose';
import { addSamples } from './support/screens';
import { literally, text } from './support/text';

const SHOTS = process.env.MUSTER_SHOTS;

// Looking everything over, twice for every state, may take a busy machine more than a minute.
test.beforeEach(() => test.slow());

async function check(page: Page, name: string) {
  for (const [look, colorScheme, size] of [
    ['light', 'light', { width: 1280, height: 800 }],
    ['dark-narrow', 'dark', { width: 360, height: 740 }],
  ] as const) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    expect.soft(await violations(page), `${name}, ${look}`).toEqual([]);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect.soft(wider, `${name}, ${look}`).toBeLessThanOrEqual(0);
    if (SHOTS) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: `${SHOTS}/opened-${name}-${look}.png` });
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: 'light' });
}

test('a faulty list, its results and their details', async ({ page }) => {
  await addSamples(page);
  await page.goto('/c/superhero-fans/members/add');
  const group = page.getByRole('combobox', { name: text('groups.pick_group') });
  await group.fill('book');
  await expect(page.getByRole('option').first()).toBeVisible();
  await check(page, 'suggestions');
  await pickGroup(page, 'book-circle');
  await pastePeople(page, `${'a'.repeat(101)}\nليلى حداد <fan-121>\nFAN-122\nfan-122\nada@example.org\nuid-not-found\nrow-missing\nalready-joined`);
  await page.getByRole('button', { name: text('add.different_for_some') }).click();
  await check(page, 'list');
  await send(page);
  await expect(row(page, 'uid-not-found')).toContainText(text('results.refused'));
  await row(page, 'uid-not-found').getByRole('button', { name: literally(text('results.details')) }).click();
  await page.getByRole('button', { name: literally(text('results.named', { count: 2 })) }).click();
  await check(page, 'results');
});

test('marked scopes, their review and the questions of a group', async ({ page }) => {
  await addSamples(page);
  await page.goto('/c/superhero-fans/groups/superhero-fans');
  await page.getByRole('radio', { name: 'Storm Ngozi: Participant', exact: true }).focus();
  await page.keyboard.press('Space');
  await page.getByRole('radio', { name: 'Captain Admin: Moderator', exact: true }).focus();
  await page.keyboard.press('Space');
  await check(page, 'marked');
  await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
  await expect(page.getByRole('complementary', { name: text('scopes.review_title', { count: 2 }) })).toContainText('Storm Ngozi');
  await check(page, 'review');
  await page.getByRole('button', { name: text('groups.delete'), exact: true }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await check(page, 'dialog');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.getByRole('button', { name: text('groups.edit'), exact: true }).click();
  await check(page, 'edit');
});

test('the menus of the top bar and, on a phone, the rail', async ({ page }) => {
  await addSamples(page);
  await page.getByRole('button', { name: text('shell.theme') }).click();
  await expect(page.getByRole('menuitemradio').first()).toBeVisible();
  await check(page, 'menu');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('button', { name: text('shell.open_menu') }).click();
  await expect(page.getByRole('link', { name: text('shell.settings') })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: text('shell.settings') }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('settings.title') })).toBeVisible();
  await expect(page.getByRole('link', { name: text('shell.settings') })).toBeHidden();
});

test('the activity with an opened run, and the overview after it', async ({ page }) => {
  await addSamples(page);
  await page.getByRole('article', { name: 'Superhero fans' }).getByRole('link', { name: text('shell.section_add') }).click();
  await pickGroup(page, 'book-circle');
  await pastePeople(page, 'fan-131\nuid-not-found\nrow-missing');
  await send(page);
  await expect(row(page, 'fan-131')).toContainText(text('results.done'));
  await page.getByRole('link', { name: text('shell.activity'), exact: true }).click();
  await page.getByRole('button', { name: /^Details of the run/ }).click();
  await page.getByRole('button', { name: 'Details of uid-not-found' }).click();
  await check(page, 'activity');
  await page.getByRole('link', { name: text('shell.overview') }).click();
  await page.getByRole('button', { name: text('overview.chart_table') }).click();
  await check(page, 'overview');
});
