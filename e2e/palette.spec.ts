// The command palette and the list of shortcuts.
import { expect, test, type Page } from './support/test';
import { addMany, pastePeople, pickGroup, send } from './support/compose';
import { connect, go, groupAction, rail, section } from './support/connect';
import { expectHarmless, guard } from './support/harm';
import { lockAll } from './support/keys';
import { expectSound } from './support/looks';
import { fetchedAhead, saveData } from './support/network';
import { citizen, citizens, hold, makeGroup } from './support/sandbox';
import { addSamples, settled } from './support/screens';
import { text } from './support/text';

const palette = (page: Page) => page.getByRole('dialog', { name: text('palette.label') });
const list = (page: Page) => page.getByRole('dialog', { name: text('shortcuts.title') });
const field = (page: Page) => palette(page).getByRole('combobox');
const options = (page: Page) => palette(page).getByRole('option');
const heading = (page: Page, key: string) => page.getByRole('heading', { level: 1, name: text(key) });

/** Opens the palette with the keyboard, and types. */
async function find(page: Page, typed: string) {
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(typed);
}

/** Expects this option to be the active one, and chooses it. */
async function choose(page: Page, name: string | RegExp) {
  await expect(palette(page).getByRole('option', { name, selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeHidden();
}

/** Opens a page, and waits until the console has started. */
async function start(page: Page, path: string) {
  await page.goto(path);
  await expect(page.getByRole('button', { name: text('palette.label') })).toBeVisible();
}

test('a deep page is reached with the keyboard only', async ({ page }) => {
  await addSamples(page);
  await find(page, 'fans add');
  await choose(page, `${text('shell.section_add')} Superhero fans`);
  await expect(page).toHaveURL(/\/c\/superhero-fans\/members\/add$/);
  await expect(heading(page, 'add.title')).toBeVisible();
  await expect(page.getByRole('main')).toBeFocused();
});

test('keys that are pressed before the browser reports that the palette was closed', async ({ page }) => {
  await addSamples(page);
  const closeAndPress = (key: KeyboardEventInit) =>
    palette(page).evaluate((dialog, key) => {
      (dialog as HTMLDialogElement).close();
      const event = new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(event);
    }, key);
  await find(page, 'morning');
  await closeAndPress({ key: 'k', ctrlKey: true });
  await expect(palette(page)).toBeVisible();
  await expect(field(page)).toHaveValue('');
  await closeAndPress({ key: '?' });
  await expect(list(page)).toBeVisible();
});

test('only sections that a vendor has are found', async ({ page }) => {
  await addSamples(page);
  await find(page, `fans ${text('shell.section_invites')}`);
  await expect(palette(page).getByRole('status')).toContainText(`fans ${text('shell.section_invites')}`);
  await expect(options(page)).toHaveCount(0);
  await field(page).fill(`guild ${text('shell.section_invites')}`);
  await expect(options(page)).toHaveCount(1);
  await expect(palette(page).getByRole('status')).toHaveText(text('palette.results', { count: 1 }));
});

test('groups that are known, and groups that a page has read', async ({ page }) => {
  await addSamples(page);
  await find(page, 'morning');
  await choose(page, /^Morning takes/);
  await expect(page).toHaveURL(/\/c\/loop-studio\/groups\//);
  await find(page, 'book circle');
  await expect(palette(page).getByRole('status')).toContainText('book circle');
  await expect(options(page)).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await rail(page).getByRole('link', { name: 'Superhero fans' }).click();
  await section(page, 'groups');
  await expect(page.getByRole('link', { name: 'Book circle' })).toBeVisible();
  await go(page, 'overview');
  await find(page, 'cîrcle');
  await choose(page, /^Book circle/);
  await expect(page).toHaveURL(/\/c\/superhero-fans\/groups\/book-circle$/);
});

test('a person whom a page has read, until the keys are locked', async ({ page, key }) => {
  await connect(page, 'CometChat', { key, name: 'My fans' });
  await page.getByRole('searchbox').fill('Storm');
  await expect(page.getByRole('rowheader').filter({ hasText: 'Storm Ngozi' })).toBeVisible();
  await go(page, 'overview');
  await find(page, 'storm');
  await choose(page, /^Storm Ngozi/);
  await expect(page.getByRole('heading', { level: 2, name: 'Storm Ngozi' })).toBeVisible();
  await expect(lockAll(page)).toBeVisible();

  await find(page, 'lock');
  await choose(page, text('shell.lock_what'));
  await expect(lockAll(page)).toHaveCount(0);
  await expect(page.getByText(text('shell.all_locked'))).toBeAttached();
  await find(page, 'storm');
  await expect(options(page)).toHaveCount(0);
  await field(page).fill('lock');
  await expect(palette(page).getByRole('status')).not.toContainText('storm');
  await expect(palette(page).getByRole('option', { name: text('shell.lock_what') })).toHaveCount(0);
});

test('a person of a vendor that cannot list them', async ({ page }) => {
  await addSamples(page);
  await start(page, '/c/loop-studio/groups/20000000-0000-4000-8000-000000000001');
  await find(page, 'loop add');
  await choose(page, /Loop Studio$/);
  await expect(heading(page, 'add.title')).toBeVisible();
  await pickGroup(page, '10000000-0000-4000-8000-000000000001', 'community');
  await pastePeople(page, '+15555550123');
  await send(page);
  await expect(page.getByRole('heading', { level: 2, name: text('results.n_added', { count: 1 }) })).toBeVisible();
  await find(page, '5550123');
  await expect(palette(page).getByRole('group', { name: text('palette.people') }).getByRole('option').last()).toBeVisible();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'members.title')).toBeVisible();
  await expect(page.getByRole('complementary')).toContainText('5555550123');
});

test('a run is found, paused and resumed', async ({ page, key, mark, request }) => {
  const release = await hold(request, mark, citizen(61));
  await connect(page, 'CometChat', { key });
  await makeGroup(request, mark);
  await addMany(page, mark, citizens(100));
  await go(page, 'overview');
  await find(page, mark);
  const found = palette(page).getByRole('group', { name: text('palette.runs') }).getByRole('option');
  await expect(found).toHaveCount(1);
  await expect(found).toContainText('My CometChat');
  const title = (await found.locator('bdi').first().textContent()) ?? '';
  await field(page).fill(text('palette.pause'));
  await choose(page, `${text('palette.pause')} ${title}`);
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await release();
  await expect(page.getByRole('button', { name: text('run.go_on') })).toBeVisible();
  await go(page, 'overview');
  await find(page, text('palette.resume'));
  await choose(page, `${text('palette.resume')} ${title}`);
  await expect(page.getByRole('region', { name: text('run.progress') })).toContainText(text('ui.tally_done', { count: 100 }));
  await go(page, 'overview');
  await find(page, mark);
  await found.click();
  await expect(page).toHaveURL(/\/runs\/p/);
});

test('the list is walked with arrows, Home, End and Page keys, and the last choices come first', async ({ page }) => {
  await addSamples(page);
  await page.keyboard.press('Control+k');
  await expect.poll(() => options(page).count()).toBeGreaterThan(10);
  const all = await options(page).count();
  const at = async (index: number) => {
    await expect(options(page).nth(index)).toHaveAttribute('aria-selected', 'true');
    await expect(field(page)).toHaveAttribute('aria-activedescendant', (await options(page).nth(index).getAttribute('id')) ?? '');
    await expect(options(page).nth(index)).toBeInViewport({ ratio: 1 });
    await expect(field(page)).toBeFocused();
  };
  await at(0);
  for (const [press, index] of [['ArrowDown', 1], ['ArrowUp', 0], ['ArrowUp', all - 1], ['ArrowDown', 0], ['End', all - 1], ['Home', 0]] as const) {
    await page.keyboard.press(press);
    await at(index);
  }
  await page.keyboard.press('PageDown');
  await expect(options(page).first()).toHaveAttribute('aria-selected', 'false');
  await page.keyboard.press('PageUp');
  await at(0);
  // The pointer moves too, and pressing its button leaves the focus in the field.
  await options(page).nth(2).hover();
  await at(2);
  await page.mouse.down();
  await at(2);
  await page.getByRole('dialog').getByRole('status').hover();
  await page.mouse.up();
  await page.keyboard.type('activity');
  await choose(page, text('shell.activity'));
  await expect(heading(page, 'activity.title')).toBeVisible();
  await find(page, 'sett');
  await choose(page, text('shell.settings'));
  await expect(heading(page, 'settings.title')).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(palette(page).getByRole('group').first()).toHaveAccessibleName(text('palette.recent'));
  await expect(options(page).nth(0)).toHaveAccessibleName(text('shell.settings'));
  await expect(options(page).nth(1)).toHaveAccessibleName(text('shell.activity'));
  await expect(options(page).filter({ hasText: text('shell.settings') })).toHaveCount(1);
});

test('it opens in a field, gives the focus back, and waits for other dialogs', async ({ page }) => {
  await addSamples(page);
  await page.goto('/c/superhero-fans/groups');
  const search = page.getByRole('searchbox', { name: text('groups.search') });
  await search.focus();
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(palette(page)).toBeHidden();
  await expect(search).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(search).toBeFocused();
  await page.keyboard.type('?g');
  await expect(search).toHaveValue('?g');
  await expect(list(page)).toBeHidden();

  await page.goto('/c/superhero-fans/groups/superhero-fans');
  await groupAction(page, 'delete');
  const question = page.getByRole('dialog');
  await expect(question.getByRole('textbox')).toBeFocused();
  await page.keyboard.press('Control+k');
  await question.getByRole('button', { name: text('ui.close') }).focus();
  await page.keyboard.press('?');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await page.keyboard.press('Shift+?');
  await expect(list(page)).toBeVisible();
});

test('pages have shortcuts of two keys', async ({ page }) => {
  await addSamples(page);
  for (const [second, key] of [['c', 'shell.connections'], ['r', 'runs.title'], ['a', 'activity.title'], ['s', 'settings.title'], ['o', 'overview.title']]) {
    await page.keyboard.press('g');
    await page.keyboard.press(second);
    await expect(heading(page, key)).toBeVisible();
  }
  // Another key in between ends it, and so does a click.
  await page.keyboard.press('g');
  await page.keyboard.press('x');
  await page.keyboard.press('s');
  await page.keyboard.press('g');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('s');
  await page.keyboard.press('Control+g');
  await page.keyboard.press('s');
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(heading(page, 'activity.title')).toBeVisible();
  await page.goBack();
  await expect(heading(page, 'overview.title')).toBeVisible();
});

test('single keys that are switched off stay off, and Ctrl+K works', async ({ page }) => {
  await start(page, '/settings');
  await page.keyboard.press('?');
  await expect(list(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list(page)).toBeHidden();
  const single = page.getByRole('checkbox', { name: text('shortcuts.single') });
  await single.uncheck();
  await page.reload();
  await expect(single).not.toBeChecked();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await find(page, 'shortcuts');
  await expect(list(page)).toBeHidden();
  await choose(page, text('shortcuts.title'));
  await expect(list(page)).toContainText(text('shortcuts.off'));
  await list(page).getByRole('link', { name: text('shortcuts.settings') }).click();
  await expect(list(page)).toBeHidden();
  await expect(heading(page, 'settings.title')).toBeVisible();
  await single.check();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  await expect(list(page)).toBeVisible();
  await expect(list(page)).not.toContainText(text('shortcuts.off'));
});

test('appearance, import and export', async ({ page }) => {
  await start(page, '/');
  await find(page, 'dark');
  await choose(page, text('palette.theme', { name: text('settings.theme_dark') }));
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await find(page, 'compact');
  await choose(page, text('palette.density', { name: text('settings.density_compact') }));
  await expect(page.locator('html')).toHaveAttribute('data-density', 'compact');
  await find(page, 'export');
  await expect(options(page)).toHaveCount(0);
  await field(page).fill(text('connections.import'));
  await choose(page, text('connections.import'));
  await expect(page.getByRole('dialog', { name: text('connections.import_title') })).toBeVisible();
  await expect(page).toHaveURL(/\/connections$/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await find(page, 'sample');
  await choose(page, text('overview.look_try'));
  await expect(heading(page, 'overview.title')).toBeVisible();
  await expect(rail(page).getByRole('link', { name: 'Superhero fans' })).toBeVisible();
});

test('own connections are exported', async ({ page, key }) => {
  await connect(page, 'CometChat', { key });
  await find(page, text('connections.export'));
  const download = page.waitForEvent('download');
  await choose(page, text('connections.export'));
  expect((await download).suggestedFilename()).toMatch(/^muster-connections-.*\.json$/);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test('an icon opens it, and a tap chooses', async ({ page }) => {
    await addSamples(page);
    await page.getByRole('button', { name: text('palette.label') }).tap();
    await expect(field(page)).toBeFocused();
    await field(page).fill('guild mod');
    await expect(options(page).first()).toHaveAccessibleName(`${text('shell.section_moderators')} Founders Guild`);
    await options(page).first().tap();
    await expect(page).toHaveURL(/\/c\/founders-guild\/moderators$/);
    await page.getByRole('button', { name: text('palette.label') }).tap();
    await palette(page).getByRole('button', { name: text('ui.close') }).tap();
    await expect(palette(page)).toBeHidden();
    await page.getByRole('button', { name: text('palette.label') }).tap();
    await expect(field(page)).toBeFocused();
    // Beside it.
    await page.touchscreen.tap(180, 730);
    await expect(palette(page)).toBeHidden();
  });
});

test('names of a hostile service are text', async ({ page, mark, quiet }) => {
  const caught = await guard(page, quiet);
  await connect(page, 'CometChat', { key: `hostile-words-key-${mark}` });
  await expect(page.getByRole('main').getByRole('rowheader').first()).toBeVisible();
  await section(page, 'groups');
  await settled(page);
  await find(page, 'script');
  await expect(options(page).first()).toContainText('<script>');
  await expectHarmless(page, caught, 'the palette');
});

test('looks right in both themes, narrow and wide', async ({ page }) => {
  test.slow();
  await addSamples(page);
  await page.goto('/c/superhero-fans/members');
  await expect(page.getByRole('main').getByRole('rowheader').first()).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(options(page).first()).toBeVisible();
  await expectSound(page, 'palette');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('s');
  await expect(field(page)).toHaveValue('s');
  await expectSound(page, 'palette-typed');
  await field(page).fill('no such thing');
  await expect(options(page)).toHaveCount(0);
  await expectSound(page, 'palette-none');
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await page.keyboard.press('?');
  await expect(list(page)).toBeVisible();
  await expectSound(page, 'shortcuts');
});

test('a part that cannot be fetched is reported, and fetched again', async ({ page, context, quiet }) => {
  quiet.lost();
  quiet.about(/ERR_INTERNET_DISCONNECTED|Failed to fetch|failed to load split module/);
  await saveData(page);
  await page.goto('/');
  await expect(page.getByRole('button', { name: text('overview.look_try') })).toBeVisible();
  await context.setOffline(true);
  await page.keyboard.press('Control+k');
  await expect(page.getByText(text('ui.page_missing_body'))).toBeVisible();
  await context.setOffline(false);
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
});

test('it works without a network once the browser had time', async ({ page, context, quiet }) => {
  quiet.lost();
  const ahead = fetchedAhead(page);
  await page.goto('/');
  await ahead;
  await context.setOffline(true);
  await find(page, 'set');
  await choose(page, text('shell.settings'));
  await expect(heading(page, 'settings.title')).toBeVisible();
});
