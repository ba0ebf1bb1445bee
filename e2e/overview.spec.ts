// The overview after some work: connections, results of the last runs, and the screenshot in the README.
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from './support/test';
import { go } from './support/connect';
import { expectRow, pastePeople, pickGroup, send } from './support/compose';
import { addSamples } from './support/screens';
import { text } from './support/text';

const fan = (n: number) => `fan-${String(n).padStart(3, '0')}`;
const fans = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => fan(from + n)).join('\n');

async function addTo(page: Page, connection: string, group: string, people: string, last: string) {
  await go(page, 'overview');
  await page.getByRole('article', { name: connection }).getByRole('link', { name: text('shell.section_add') }).click();
  await pickGroup(page, group, connection === 'Loop Studio' ? 'community' : 'group');
  await pastePeople(page, people);
  await send(page);
  await expectRow(page, last, 'done');
  await expect(page.getByRole('button', { name: text('results.stop') })).toHaveCount(0);
}

test('the overview shows what came of the last runs', async ({ page }) => {
  await addSamples(page);
  await addTo(page, 'Superhero fans', 'book-circle', fans(101, 109), fan(109));
  await addTo(page, 'Superhero fans', 'trail-runners', `${fans(201, 212)}\nuid-not-found\nno-vacancy\nalready-joined`, fan(212));
  const users = Array.from({ length: 6 }, (_, n) => `30000000-0000-4000-8000-${String(72 + n).padStart(12, '0')}`);
  await addTo(page, 'Loop Studio', '10000000-0000-4000-8000-000000000002', users.join('\n'), users[5]);
  await addTo(page, 'Superhero fans', 'council', `${fans(221, 226)}\nbanned-groupmember\nrow-missing\nalready-joined`, fan(226));
  await addTo(page, 'Superhero fans', 'book-circle', `${fans(231, 245)}\nuid-not-found`, fan(245));
  await go(page, 'overview');
  await expect(page.getByRole('img', { name: text('overview.chart', { count: 5 }) })).toBeVisible();
  for (const name of ['Founders Guild', 'Loop Studio', 'Superhero fans']) {
    const card = page.getByRole('article', { name });
    await card.getByRole('button', { name: text('overview.check') }).click();
    await expect(card).toContainText(text('overview.key_accepted'));
  }
  await page.getByRole('button', { name: text('overview.chart_table') }).click();
  await expect(page.getByRole('region', { name: text('overview.chart_table') }).getByRole('row')).toHaveCount(6);
  await page.getByRole('button', { name: text('overview.chart_table') }).click();

  if (process.env.MUSTER_SHOTS) {
    await page.setViewportSize({ width: 1280, height: 960 });
    await page.evaluate(() => {
      (document.activeElement as HTMLElement | null)?.blur();
      scrollTo(0, 0);
    });
    await page.screenshot({ path: fileURLToPath(new URL('../docs/screenshots/overview.png', import.meta.url)) });
  }
});
