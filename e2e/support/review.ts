// Requests for a review: making, passing on, opening and deciding them.
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { copied } from './clipboard';
import { rail } from './connect';
import { text } from './text';

/** A colleague's browser profile, which fails the test as the first one does. */
export async function profile(browser: Browser, quiet: { hear(complaint: string): void }): Promise<BrowserContext> {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  context.on('console', message => {
    if (message.type() === 'error') quiet.hear(`${message.text()} ${message.location().url}`.trim());
  });
  context.on('weberror', error => quiet.hear(`uncaught: ${error.error().message}`));
  return context;
}

/** Presses "Ask for review" in a preview, fills in the dialog, and returns the link. */
export async function askForReview(page: Page, { name, why = '' }: { name?: string; why?: string }): Promise<string> {
  await page.getByRole('button', { name: text('review.ask'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: text('review.ask_title') });
  if (name) await dialog.getByLabel(text('review.name'), { exact: true }).fill(name);
  await dialog.getByLabel(text('review.why')).fill(why);
  await dialog.getByRole('button', { name: text('review.make'), exact: true }).click();
  return copyLink(page);
}

/** Closes the dialog that has made a request. */
export async function closeMade(page: Page) {
  const dialog = page.getByRole('dialog', { name: text('review.made_title') });
  await dialog.getByRole('button', { name: text('common.close'), exact: true }).last().click();
  await expect(dialog).toHaveCount(0);
}

/** Copies the link that passes a request on. */
export async function copyLink(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copy = page.getByRole('button', { name: text('review.copy_link'), exact: true });
  await expect(copy).toBeVisible();
  // Otherwise the clipboard may still hold an earlier link.
  await page.evaluate(() => navigator.clipboard.writeText('nothing'));
  await copy.click();
  await expect.poll(() => copied(page)).toContain('/review#review=');
  return copied(page);
}

/** Opens the page of reviews without a page load, because keys are in memory. */
export async function openReviews(page: Page) {
  await rail(page).getByRole('link', { name: text('shell.reviews'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('review.title'), exact: true })).toBeVisible();
}

/** Opens a request by what was passed on. */
export async function openRequest(page: Page, passed: string) {
  await openReviews(page);
  await page.getByLabel(text('review.paste'), { exact: true }).fill(passed);
  await page.getByRole('button', { name: text('review.open'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('review.request'), exact: true })).toBeVisible();
}

/** Trusts the key whose words are shown. */
export async function trust(page: Page) {
  const buttons = page.getByRole('button', { name: text('review.trust'), exact: true });
  await expect(buttons.first()).toBeVisible();
  const n = await buttons.count();
  await buttons.first().click();
  // Once it is kept, and not before, the page says that it is trusted.
  await expect(buttons).not.toHaveCount(n);
}

/** Reads what is true now. */
export async function compare(page: Page) {
  await page.getByRole('button', { name: text('review.compare'), exact: true }).click();
  await expect(changes(page)).toBeVisible();
}

/** The grid of changes. */
export function changes(page: Page) {
  return page.getByRole('grid', { name: text('review.changes') });
}

/** The row of a person among the changes. */
export function change(page: Page, uid: string) {
  return changes(page).getByRole('row').filter({ hasText: uid });
}

/** With the focus in the grid: declines the change of the cursor, which takes a reason, and approves the next. */
export async function declineAndApprove(page: Page, reason: string) {
  await page.keyboard.press('n');
  await expect(page.getByLabel(text('review.comment'), { exact: true })).toBeFocused();
  await page.keyboard.type(reason);
  await page.keyboard.press('Control+Enter');
  await expect(changes(page)).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('y');
}

/** Signs what was decided. */
export async function sign(page: Page, count: number, name?: string) {
  if (name) await page.getByLabel(text('review.name'), { exact: true }).fill(name);
  await page.getByRole('button', { name: text('review.sign', { count }), exact: true }).click();
  await expect(page.getByRole('button', { name: text('review.sign_none'), exact: true })).toBeVisible();
}
