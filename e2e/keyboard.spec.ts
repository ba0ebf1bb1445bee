// The whole way with the keyboard alone: connect, add one person, read the result.
import { expect, test, type Page } from './support/test';
import { makeGroup } from './support/sandbox';
import { text } from './support/text';

/** Presses Tab until something with this name has the focus. */
async function tabTo(page: Page, role: Parameters<Page['getByRole']>[0], name: string | RegExp) {
  const wanted = page.getByRole(role, { name, exact: typeof name === 'string' });
  await expect(wanted.first()).toBeVisible();
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    for (const one of await wanted.all()) {
      if (await one.evaluate(element => element === document.activeElement)) return;
    }
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

  await tabTo(page, 'link', text('shell.section_add'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: text('add.title') })).toBeVisible();
  await tabTo(page, 'combobox', text('groups.pick_group'));
  await page.keyboard.type(mark);
  await expect(page.getByRole('option').first()).toBeVisible();
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
