// Reads the clipboard. The console's policy only allows writing to it.
import { expect, type Page } from '@playwright/test';

/** The text in the clipboard, pasted into a page without a policy. */
export async function copied(page: Page): Promise<string> {
  const other = await page.context().newPage();
  await other.setContent('<textarea></textarea>');
  const box = other.locator('textarea');
  await box.focus();
  await other.keyboard.press('Control+V');
  await expect(box).not.toHaveValue('');
  const text = await box.inputValue();
  await other.close();
  return text;
}
