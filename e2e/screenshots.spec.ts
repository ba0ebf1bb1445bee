// The three pictures of the README: adding people, their run, and the scopes of a group.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from './support/test';
import { expectRow, pastePeople, pickGroup, send } from './support/compose';
import { addSamples } from './support/screens';
import { scopeCell, text } from './support/text';

const FOLDER = fileURLToPath(new URL('../docs/screenshots', import.meta.url));

/** Takes a picture if pictures are wanted. */
async function picture(page: Page, name: string) {
  if (!process.env.MUSTER_SHOTS) return;
  mkdirSync(FOLDER, { recursive: true });
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    scrollTo(0, 0);
  });
  // The typeface arrives once the page has settled.
  await expect(page.locator('html')).toHaveAttribute('data-font', 'inter');
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
}

test('people are added, their run is looked at, and scopes are staged', async ({ page }) => {
  await addSamples(page);
  await page.goto('/c/superhero-fans/members/add');
  await pickGroup(page, 'trail-runners');
  const people = [141, 142, 143, 144, 145, 146, 147].map(n => `fan-${n}`);
  await pastePeople(page, [...people, 'fan-148, moderator', 'fan-149, moderator', 'fan-150, ban', 'already-joined', 'uid-not-found'].join('\n'));
  await expect(page.getByRole('complementary', { name: text('plan.before') })).toContainText(text('plan.effect_ban', { count: 1 }));
  await picture(page, 'add');

  await send(page);
  await expectRow(page, 'uid-not-found', 'refused');
  await page.getByRole('link', { name: text('results.open_run') }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Trail runners');
  await expect(page.getByRole('button', { name: text('run.pause') })).toHaveCount(0);
  await picture(page, 'run');

  await page.goto('/c/superhero-fans/groups/superhero-fans');
  const stage = (name: string, place: string) =>
    page.getByRole('radio', { name: scopeCell(name, place), exact: true });
  for (const [name, place] of [['André Dvořák', 'moderator'], ['Chidi Nowak', 'banned']] as const) {
    await stage(name, place).click();
    await expect(stage(name, place)).toBeChecked();
  }
  await expect(page.getByRole('region', { name: text('scopes.staged') })).toContainText(text('scopes.n_staged', { count: 2 }));
  await picture(page, 'scopes');
});
