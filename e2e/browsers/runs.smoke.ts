// A run whose page is reloaded halfway: it continues, and every person is added once.
import { citizen, citizens, hold, makeGroup, scopesOf } from '../support/sandbox';
import { text } from '../support/text';
import { connect, pickGroup, sendIt, typePeople } from './acts';
import { PATIENCE } from './driver';
import { expect, test } from './test';

test('a run goes on after its page was loaded anew in the middle', async ({ tab, key, mark, request }) => {
  // Three calls. The second is executed, but its response is held until the page is gone.
  const people = citizens(60);
  const release = await hold(request, mark, citizen(30));
  await makeGroup(request, mark);
  await connect(tab, 'Runs', key);
  await tab.click({ role: 'link', name: text('shell.section_add'), within: { role: 'navigation', name: text('shell.sections') } });
  await pickGroup(tab, mark);
  await typePeople(tab, people);
  await sendIt(tab);
  await expect.poll(async () => (await tab.url()).pathname, { timeout: PATIENCE }).toMatch(/\/runs\/p\w[^/]*$/);
  await expect.poll(async () => Object.keys(await scopesOf(request, mark)).length, { timeout: PATIENCE }).toBe(50);
  await tab.reload();

  // The key was in memory, so the reload lost it.
  await tab.one({ role: 'button', name: text('run.go_on') });
  expect(Object.keys(await scopesOf(request, mark))).toHaveLength(50);
  await release();
  await tab.type({ role: 'field', name: text('connections.api_key') }, key);
  await tab.click({ role: 'button', name: text('run.go_on') });
  await tab.one({ role: 'heading', name: text('results.n_added', { count: 60 }), part: true });
  expect(Object.keys(await scopesOf(request, mark)).sort()).toEqual(people);
});
