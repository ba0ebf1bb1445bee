// The form for adding, inviting and assigning people.
import { expect, type Locator, type Page } from '@playwright/test';
import { section } from './connect';
import { literally, text } from './text';

/** The box for people. */
export function peopleBox(page: Page) {
  return page.getByRole('textbox', { name: new RegExp(`^${text('add.people')}`) });
}

/** Pastes into the focused element through the clipboard. */
export async function pasteHere(page: Page, pasted: string) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(text => navigator.clipboard.writeText(text), pasted);
  await page.keyboard.press('Control+V');
}

/** Pastes people into the box. */
export async function pastePeople(page: Page, pasted: string) {
  const box = peopleBox(page);
  await box.focus();
  await pasteHere(page, pasted);
  if (!/[\n\r,;\t|]/.test(pasted)) await box.press('Enter');
}

/** Types the id of a group or community into its field. */
export async function pickGroup(page: Page, id: string, kind: 'group' | 'community' = 'group') {
  const field = page.getByRole('combobox', { name: text(`groups.pick_${kind}`) });
  await field.fill(id);
  await field.press('Tab');
}

/** The send button, with any label. */
export function sendButton(page: Page) {
  return page.getByRole('button', { name: /^((Add|Invite|Ban) (1|[\d,]+) (person|people|moderators?)|Send (1|[\d,]+) changes?$)/ });
}

/**
 * Waits until nothing but warnings keeps a button from sending: the group has been read, and the code that checks
 * changes has been fetched. Until then the button's description says what it waits for, and warnings are missing.
 */
export async function expectPlanned(button: Locator) {
  await expect(button).toHaveAccessibleDescription(new RegExp(`^(${literally(text('plan.confirm_first')).source})?$`));
}

/** Confirms all warnings about what a button sends, which is enabled then. */
export async function confirmWarnings(within: Page | Locator, button: Locator) {
  await expectPlanned(button);
  for (const warning of await within.getByRole('checkbox', { name: text('plan.confirm') }).all()) await warning.check();
  // The description says why the button is disabled, so a failure shows the reason.
  await expect(button).toHaveAccessibleDescription('');
  await expect(button).not.toHaveAttribute('aria-disabled', 'true');
}

/** Confirms all warnings and sends. */
export async function send(page: Page) {
  const button = sendButton(page);
  await confirmWarnings(page, button);
  await button.click();
}

/** Waits for the end of a run whose results are shown below its form: no outcome changes any more. */
export async function expectOver(page: Page) {
  await expect(page.getByRole('link', { name: text('results.open_run') }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: text('results.stop') })).toHaveCount(0);
}

/** Leads from the results back to the form, which keeps who was refused. */
export async function addMore(page: Page) {
  const keys = ['add_more', 'ban_more', 'invite_more', 'moderate_more', 'back_to_form'];
  await page.getByRole('button', { name: new RegExp(`^(${keys.map(key => text(`results.${key}`)).join('|')})$`) }).click();
  await expect(page.locator('.compose-foot')).toBeVisible();
}

/** A person's row in the results. */
export function row(page: Page, label: string) {
  const details = page.getByRole('button', { name: `${text('results.details')} ${text('results.details_of', { name: label }).trim()}`, exact: true });
  return page.getByRole('listitem').filter({ has: details });
}

export type Verdict = 'done' | 'same' | 'refused' | 'unknown' | 'not_sent';

/** Expects a row with this verdict and these words in its reason. */
export async function expectRow(page: Page, label: string, verdict: Verdict, ...words: string[]) {
  const found = row(page, label);
  await expect(found).toContainText(text('results.verdict', { verdict: text(`results.${verdict}`) }));
  for (const word of words) await expect(found).toContainText(word);
}

/** Opens the details of a row. A row is drawn anew with its outcome, which would close them. */
export async function openDetails(page: Page, label: string) {
  const found = row(page, label);
  await expectOver(page);
  await found.getByRole('button', { name: literally(text('results.details')) }).first().click();
  return found;
}

/** Adds more people to a group than a form shows; ends on the page of the run. */
export async function addMany(page: Page, group: string, people: string[]) {
  await section(page, 'add');
  await pickGroup(page, group);
  await pastePeople(page, people.join('\n'));
  await send(page);
  await expect(page).toHaveURL(/\/runs\/p\w[^/]*$/);
}
