// Keyboard only: the main workflow, everything that opens and closes, and every tab stop.
import { expectPlanned } from './support/compose';
import { connect, openGroup } from './support/connect';
import { askForReview, declineAndApprove, profile } from './support/review';
import { makeGroup, scopesOf } from './support/sandbox';
import { markScopes } from './support/scopes';
import { expect, test, type Page } from './support/test';
import { SCREENS, addSamples, open, show } from './support/screens';
import { scopeCell, text } from './support/text';

/** Presses Tab until an element with this name has the focus. */
async function tabTo(page: Page, role: Parameters<Page['getByRole']>[0], name: string | RegExp) {
  const wanted = page.getByRole(role, { name, exact: typeof name === 'string' });
  await expect(wanted.first()).toBeVisible();
  // A page of a list alone has some fifty stops.
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluateAll(found => found.some(element => element === document.activeElement))) return;
  }
  throw new Error(`Tab does not reach ${role} ${name}`);
}

test('connect, add one person, read the result', async ({ page, mark, key, request }) => {
  await makeGroup(request, mark);
  await page.goto('/connections/new');
  await expect(page.getByRole('button', { name: text('connections.use_sandbox') })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: text('shell.skip') })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();

  await tabTo(page, 'radio', /CometChat/);
  await tabTo(page, 'button', text('connections.use_sandbox'));
  await page.keyboard.press('Enter');
  await tabTo(page, 'textbox', text('connections.api_key'));
  await page.keyboard.press('Control+A');
  await page.keyboard.type(key);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: text('members.title') })).toBeVisible();
  await expect(page.getByRole('main')).toBeFocused();
  // The stops of Tab do not change any more.
  await expect(page.getByRole('grid').getByRole('rowheader').first()).toBeVisible();

  await tabTo(page, 'link', text('shell.section_add'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: text('add.title') })).toBeVisible();
  await tabTo(page, 'combobox', text('groups.pick_group'));
  await page.keyboard.type(mark);
  // The list follows what is typed a moment later; the arrow key would choose another group before.
  await expect(page.getByRole('option')).toHaveText([new RegExp(mark)]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await tabTo(page, 'textbox', new RegExp(`^${text('add.people')}`));
  await page.keyboard.type('fan-201');
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', text('add.button_add', { count: 1 }));
  await expect(page.getByRole('button', { name: text('add.button_add', { count: 1 }) })).not.toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: text('results.n_added', { count: 1 }) })).toBeFocused();
  await tabTo(page, 'button', 'Details of fan-201');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Details of fan-201' })).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByRole('main')).toContainText('curl');
});

test('review a request, decline a change with a reason, sign and send the rest', async ({ page, browser, key, mark, quiet, request }) => {
  await makeGroup(request, mark, { admins: ['fan-001'], participants: ['fan-003', 'fan-004'] });
  await connect(page, 'CometChat', { key });
  await openGroup(page, mark);
  await markScopes(page, [['fan-003', 'moderator'], ['fan-004', 'admin']]);
  const link = await askForReview(page, { name: 'Ana Author' });

  const colleague = await profile(browser, quiet);
  const other = await colleague.newPage();
  await connect(other, 'CometChat', { key: `other-${mark}` });
  const press = async (...wanted: [Parameters<Page['getByRole']>[0], string]) => {
    await tabTo(other, ...wanted);
    await other.keyboard.press('Enter');
  };
  await press('link', text('shell.reviews'));
  await tabTo(other, 'textbox', text('review.paste'));
  await other.keyboard.insertText(link);
  await press('button', text('review.open'));
  await expect(other.getByRole('heading', { level: 1, name: text('review.request'), exact: true })).toBeVisible();
  await press('button', text('review.trust'));
  await expect(other.getByRole('button', { name: text('review.trust'), exact: true })).toHaveCount(0);
  await press('button', text('review.compare'));
  await tabTo(other, 'grid', text('review.changes'));
  // The dangerous one is first.
  await declineAndApprove(other, 'One admin is enough');
  await expect(other.getByRole('main')).toContainText(text('review.decided', { approved: '1', declined: '1', total: '2' }));
  await tabTo(other, 'textbox', text('review.name'));
  await other.keyboard.type('Ben Reviewer');
  await press('button', text('review.sign', { count: 2 }));

  const send = other.getByRole('button', { name: text('review.run', { count: 1 }), exact: true });
  await expectPlanned(send);
  for (const warning of await other.getByRole('checkbox', { name: text('plan.confirm') }).all()) {
    await tabTo(other, 'checkbox', text('plan.confirm'));
    await other.keyboard.press('Space');
    await expect(warning).toBeChecked();
  }
  await expect(send).not.toHaveAttribute('aria-disabled', 'true');
  await press('button', text('review.run', { count: 1 }));
  await expect(other).toHaveURL(/\/runs\/p[\w-]+$/);
  await expect.poll(() => scopesOf(request, mark)).toEqual({ 'fan-001': 'admin', 'fan-003': 'moderator', 'fan-004': 'participant' });
  await colleague.close();
});

test('the person of a row opens beside the list, and Escape leads back to the row', async ({ page }) => {
  await addSamples(page);
  await page.goto('/c/superhero-fans/members?q=Storm');
  const grid = page.getByRole('grid', { name: text('members.title') });
  await expect(grid.getByRole('rowheader')).toHaveText([/Storm Ngozi/]);
  await grid.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Storm Ngozi' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('complementary').getByRole('button', { name: text('ui.close') })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary')).toHaveCount(0);
  await expect(grid).toBeFocused();
});

test('the review of scopes takes the focus and gives it back', async ({ page }) => {
  await addSamples(page);
  await page.goto('/c/superhero-fans/groups/superhero-fans');
  // The arrow keys move between a person's scopes, and Space chooses one.
  await page.getByRole('searchbox', { name: text('scopes.find') }).fill('Storm Ngozi');
  const grid = page.getByRole('grid', { name: text('scopes.table') });
  await expect(grid.getByRole('rowheader')).toHaveCount(1);
  await grid.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const moderator = page.getByRole('radio', { name: scopeCell('Storm Ngozi', 'moderator'), exact: true });
  await page.keyboard.press('Space');
  await expect(moderator).toBeChecked();
  const review = page.getByRole('button', { name: text('scopes.review'), exact: true });
  await review.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: text('scopes.review_title', { count: 1 }) })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(review).toBeFocused();
});

test('a question begins at its field, keeps the focus, and gives it back', async ({ page }) => {
  await addSamples(page);
  await page.goto('/c/superhero-fans/groups/superhero-fans');
  const more = page.getByRole('button', { name: text('groups.more') });
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByRole('menuitem', { name: text('groups.delete') })).toBeFocused();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('textbox')).toBeFocused();
  for (let presses = 0; presses < 8; presses += 1) {
    await page.keyboard.press('Tab');
    // The browser's own toolbar is the only stop outside.
    expect(await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest('dialog'))).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(more).toBeFocused();
});

test('a menu has the focus at once, before the next key can be pressed', async ({ page }) => {
  await page.goto('/');
  const focused = await page.getByRole('button', { name: text('shell.theme') }).evaluate((button: HTMLElement) => {
    button.click();
    return document.activeElement?.getAttribute('role');
  });
  expect(focused).toBe('menuitemradio');
});

test('a menu is walked with arrows, and left with Escape or Tab', async ({ page }) => {
  await page.goto('/');
  const button = page.getByRole('button', { name: text('shell.theme') });
  const items = page.getByRole('menuitemradio');
  // The stop of Tab after the menu.
  await expect(page.getByRole('main').getByRole('button').first()).toBeVisible();
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(items.nth(0)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(items.nth(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByRole('menuitemcheckbox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(items.nth(0)).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(items.nth(0)).toBeHidden();
  await expect(page.getByRole('main').getByRole('button').first()).toBeFocused();
});

test('on a phone the rail opens, is walked, and gives the focus back', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/');
  const button = page.getByRole('button', { name: text('shell.open_menu') });
  await button.focus();
  await page.keyboard.press('Enter');
  await tabTo(page, 'link', text('shell.settings'));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: text('shell.settings') })).toBeHidden();
  await expect(button).toBeFocused();
});

test('suggestions and segments are reached with arrows', async ({ page }) => {
  await addSamples(page);
  await page.goto('/c/superhero-fans/members/add');
  const group = page.getByRole('combobox', { name: text('groups.pick_group') });
  await group.focus();
  await expect(page.getByRole('option', { name: 'Superhero fans' })).toBeVisible();
  await page.keyboard.press('ArrowUp');
  // The last option, which has to be scrolled into view.
  const last = page.getByRole('option').last();
  await expect(group).toHaveAttribute('aria-activedescendant', (await last.getAttribute('id')) ?? '');
  await expect(last).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('option')).toHaveCount(0);
  await expect(group).toBeFocused();
  const participant = page.getByRole('radio', { name: text('common.scope_participant') });
  await participant.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('radio', { name: text('common.scope_moderator') })).toBeChecked();
});

/** Focuses every tab stop, and returns those without a visible focus ring or covered by another element. */
function hidden(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const stops = 'a[href], button, input, select, textarea, [tabindex="0"]';
    for (const element of document.querySelectorAll<HTMLElement>(stops)) {
      if (element.tabIndex < 0 || !element.checkVisibility()) continue;
      element.focus();
      if (document.activeElement !== element) continue;
      const name = `${element.tagName.toLowerCase()}.${element.className} ${element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40)}`;
      const around = [element, element.closest('.input'), element.closest('label'), element.nextElementSibling];
      const hasRing = around.some(one => one && getComputedStyle(one).outlineStyle !== 'none' && getComputedStyle(one).outlineWidth !== '0px');
      if (!hasRing) found.add(`no ring: ${name}`);
      const { x, y, width, height } = element.getBoundingClientRect();
      if (height > innerHeight / 3) continue;
      const top = document.elementFromPoint(x + width / 2, y + height / 2);
      const isSeen = top && (element.contains(top) || top.contains(element) || top.closest('label')?.contains(element));
      if (!isSeen) found.add(`under something: ${name} at ${Math.round(x)}, ${Math.round(y)}, under ${top?.outerHTML.slice(0, 60)}`);
    }
    return [...found];
  });
}

for (const [area, screens] of Object.entries(SCREENS)) {
  test(`${area}: every stop of Tab can be seen, and none holds the focus`, async ({ page }) => {
    if (screens.some(screen => screen.hasSamples)) await addSamples(page);
    for (const [nth, screen] of screens.entries()) {
      await test.step(screen.name, async () => {
        await (nth === 0 ? open(page, screen) : show(page, screen));
        // After a key press, the browser draws focus rings.
        await page.keyboard.press('Tab');
        expect.soft(await hidden(page), screen.name).toEqual([]);
        // A key listener could swallow this one.
        for (const field of await page.getByRole('main').locator('textarea, [role=combobox], [role=tab], summary').all()) {
          await field.focus();
          await page.keyboard.press('Tab');
          await expect.soft(field, `${screen.name}: Tab leaves the field`).not.toBeFocused();
        }
      });
    }
  });
}
