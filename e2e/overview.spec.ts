// The overview: what a card tells of its connection, results of the last runs, and the screenshot in the README.
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from './support/test';
import { connect, go, openGroup } from './support/connect';
import { addMany, expectRow, pastePeople, pickGroup, send } from './support/compose';
import { citizen, citizens, hold, makeGroup } from './support/sandbox';
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

test('the connections are drawn together with the runs above them', async ({ page, key, mark, request }) => {
  const release = await hold(request, mark, citizen(61));
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await addMany(page, mark, citizens(100));
  await go(page, 'overview');
  await expect(page.getByRole('region', { name: text('overview.under_way') })).toBeVisible();
  // Notes whether the connections were ever there alone: they would move while someone presses one.
  await page.addInitScript(() => {
    new MutationObserver(() => {
      const [connections, runs] = ['connections', 'under-way'].map(id => document.getElementById(id));
      if (connections && !runs) document.documentElement.setAttribute('data-alone', '');
    }).observe(document, { childList: true, subtree: true });
  });
  await page.reload();
  await expect(page.getByRole('region', { name: text('overview.under_way') })).toBeVisible();
  await expect(page.getByRole('region', { name: text('shell.connections'), exact: true })).toBeVisible();
  await expect(page.locator('html')).not.toHaveAttribute('data-alone');
  await release();
});

test('a card says how many members there are once their list was read', async ({ page }) => {
  await addSamples(page);
  const card = page.getByRole('article', { name: 'Superhero fans' });
  await expect(card.getByRole('link', { name: text('shell.section_members') })).toBeVisible();
  await expect(card).not.toContainText(/\d members/);
  await expect(page.getByRole('article', { name: 'Loop Studio' })).toContainText(text('overview.ledger_none'));

  await card.getByRole('link', { name: text('shell.section_members') }).click();
  await expect(page.getByRole('main')).toContainText(/Loaded at/);
  const count = await page.getByText(/^[\d,]+ of [\d,]+ members$/).first().innerText();
  const total = Number(/of ([\d,]+)/.exec(count)?.[1]?.replaceAll(',', ''));
  await go(page, 'overview');
  await expect(card).toContainText(text('members.n_here', { count: total }));
});

test('people of one group are not counted as the members of a connection', async ({ page }) => {
  await addSamples(page);
  const card = page.getByRole('article', { name: 'Superhero fans' });
  await card.getByRole('link', { name: text('shell.section_groups') }).click();
  await openGroup(page, 'book-circle');
  await expect(page.getByRole('grid', { name: text('scopes.table') }).getByRole('rowheader').first()).toBeVisible();
  await go(page, 'overview');
  await expect(card).toContainText(/\d (person|people) loaded in this session/);
  await expect(card).not.toContainText(/\d members/);
});

test('the first run is offered, and a card leads to the last one', async ({ page }) => {
  await addSamples(page);
  await expect(page.getByRole('heading', { name: text('overview.none_title') })).toBeVisible();
  await expect(page.getByText(text('overview.none_body'))).toBeVisible();
  await page.getByRole('link', { name: text('overview.none_add', { name: 'Superhero fans' }) }).click();
  await pickGroup(page, 'book-circle');
  await pastePeople(page, `${fan(141)}\nuid-not-found`);
  await send(page);
  await expectRow(page, fan(141), 'done');
  await expectRow(page, 'uid-not-found', 'refused');

  await go(page, 'overview');
  await expect(page.getByRole('heading', { name: text('overview.none_title') })).toHaveCount(0);
  const finding = text('overview.finding_rest', {
    finding: text('overview.finding', { done: '1', count: 2, runs: text('overview.finding_runs', { count: 1 }) }),
    rest: text('results.n_refused', { count: 1 }),
  });
  await expect(page.getByRole('region', { name: finding })).toBeVisible();
  await expect(page.getByRole('img', { name: text('overview.chart', { count: 1 }) })).toHaveAccessibleDescription(finding);

  await expect(page.getByRole('article', { name: 'Loop Studio' })).toContainText(text('overview.none_title'));
  const card = page.getByRole('article', { name: 'Superhero fans' });
  await expect(card).toContainText(text('overview.last_run', { when: '' }).trim());
  await card.getByRole('link', { name: /1 added to .*Book circle.*, 1 rejected/ }).click();
  await expect(page).toHaveURL(/\/runs\/p\w[^/]*$/);
});

test('cards use the width of the window, and their parts are aligned', async ({ page }) => {
  await addSamples(page);
  const cards = page.getByRole('article');
  await expect(cards).toHaveCount(3);
  const edges = (part: string, edge: 'top' | 'left' | 'right') =>
    page.locator(part).evaluateAll((found, edge) => found.map(one => Math.round(one.getBoundingClientRect()[edge])), edge);

  await page.setViewportSize({ width: 1920, height: 900 });
  for (const part of ['head', 'body', 'foot']) {
    expect(new Set(await edges(`.conn-card > .card-${part}`, 'top')).size, `the ${part}s are in one line`).toBe(1);
  }
  const width = Math.max(...await edges('.conn-card', 'right')) - Math.min(...await edges('.conn-card', 'left'));
  expect(width).toBeGreaterThan(1400);
  expect(width).toBeLessThanOrEqual(96 * 16);

  for (const width of [360, 320]) {
    await page.setViewportSize({ width, height: 740 });
    expect(new Set(await edges('.conn-card', 'left')).size, 'one column').toBe(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
});
