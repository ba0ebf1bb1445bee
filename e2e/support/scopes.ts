// The scopes of an open group.
import { expect, type Page } from '@playwright/test';
import { scopeCell, text } from './text';

export type Mark = [uid: string, place: 'admin' | 'moderator' | 'participant' | 'not_in_group'];

/** Marks scopes in an open group, and opens the preview. */
export async function markScopes(page: Page, marks: Mark[]) {
  const grid = page.getByRole('grid', { name: text('scopes.table') });
  for (const [uid, place] of marks) {
    const row = grid.getByRole('row').filter({ hasText: uid });
    const cell = row.getByRole('radio', { name: new RegExp(`${scopeCell('', place)}$`) });
    await cell.click();
    await expect(cell).toBeChecked();
  }
  await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
}
