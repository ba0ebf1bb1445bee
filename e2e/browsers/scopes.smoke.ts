// The scopes of a group: marked with the keyboard, reviewed, sent, and verified at the vendor.
import { makeGroup, scopesOf } from '../support/sandbox';
import { text } from '../support/text';
import { connect, openGroup } from './acts';
import { PATIENCE } from './driver';
import { expect, test } from './test';

test('scopes are marked, reviewed and sent', async ({ tab, key, mark, request }) => {
  await makeGroup(request, mark, { admins: ['fan-001'], participants: ['fan-003', 'fan-004'] });
  await connect(tab, 'Scopes', key);
  await openGroup(tab, mark);
  for (const [person, place] of [['fan-003', 'moderator'], ['fan-004', 'not_in_group']] as const) {
    // The accessible name of a cell contains the person's name; the id is in the same row.
    const row = { role: 'row', name: person, part: true } as const;
    await tab.type({ role: 'radio', name: text(`common.scope_${place}`), part: true, within: row }, ' ');
  }
  await tab.click({ role: 'button', name: text('scopes.review') });
  const review = { role: 'complementary', name: text('scopes.review_title', { count: 2 }) } as const;
  await tab.says(text('scopes.note_removed'), review);
  expect(await scopesOf(request, mark)).toMatchObject({ 'fan-003': 'participant', 'fan-004': 'participant' });
  await tab.click({ role: 'button', name: text('scopes.send', { count: 2 }), within: review });
  await tab.says(text('results.n_done', { count: 2 }), { role: 'complementary', name: text('scopes.results_title') });
  await expect.poll(() => scopesOf(request, mark), { timeout: PATIENCE }).toEqual({ 'fan-001': 'admin', 'fan-003': 'moderator' });
});
