// The scopes of a group: marked with the mouse and with the keyboard, reviewed, sent, and verified at the vendor.
import { makeGroup, scopesOf } from '../support/sandbox';
import { text } from '../support/text';
import { connect, openGroup } from './acts';
import { ARROW_RIGHT, PATIENCE } from './driver';
import { expect, test } from './test';

/** A person has one cell for each scope, and one for "not in the group". */
const COLUMNS = 5;

test('scopes are marked, reviewed and sent', async ({ tab, key, mark, request }) => {
  await makeGroup(request, mark, { admins: ['fan-001'], participants: ['fan-003', 'fan-004'] });
  await connect(tab, 'Scopes', key);
  await openGroup(tab, mark);
  // The accessible name of a cell contains the person's name; the id is in the same row.
  const row = (person: string) => ({ role: 'row', name: person, part: true }) as const;
  await tab.click({ role: 'radio', name: text('common.scope_not_in_group'), part: true, within: row('fan-004') });
  await tab.says(text('scopes.n_staged', { count: 1 }));
  await tab.type({ role: 'searchbox', name: text('scopes.find') }, 'fan-003');
  const grid = { role: 'grid', name: text('scopes.table') } as const;
  await expect.poll(async () => (await tab.all({ role: 'radio', within: grid })).length, { timeout: PATIENCE }).toBe(COLUMNS);
  // The cursor begins on the person, two columns before "Moderator".
  await tab.type(grid, `${ARROW_RIGHT}${ARROW_RIGHT} `);
  await tab.says(text('scopes.n_staged', { count: 2 }));
  await tab.click({ role: 'button', name: text('scopes.review') });
  const review = { role: 'complementary', name: text('scopes.review_title', { count: 2 }) } as const;
  await tab.says(text('scopes.note_removed'), review);
  expect(await scopesOf(request, mark)).toMatchObject({ 'fan-003': 'participant', 'fan-004': 'participant' });
  await tab.click({ role: 'button', name: text('scopes.send', { count: 2 }), within: review });
  await tab.says(text('results.n_done', { count: 2 }), { role: 'complementary', name: text('scopes.results_title') });
  await expect.poll(() => scopesOf(request, mark), { timeout: PATIENCE }).toEqual({ 'fan-001': 'admin', 'fan-003': 'moderator' });
});
