// The in-browser sandbox: tried without a key, people added, and everything still there after a reload.
import { text } from '../support/text';
import { expectRow, pickGroup, sendIt, typePeople } from './acts';
import { expect, test } from './test';
import { must } from '../support/sandbox';
import { PATIENCE } from './driver';

test('the samples are tried, people are added, and they are there after a reload', async ({ tab: browser }) => {
  await browser.goto(must('MUSTER_URL'));
  await browser.one({ role: 'heading', name: text('overview.welcome_title') });
  await browser.click({ role: 'button', name: text('overview.look_try'), part: true });
  await browser.one({ role: 'heading', name: text('overview.title') });
  await expect.poll(async () => (await browser.all({ role: 'article' })).length, { timeout: PATIENCE }).toBe(3);

  await browser.click({ role: 'link', name: text('shell.section_add'), within: { role: 'article', name: 'Superhero fans', part: true } });
  await pickGroup(browser, 'book-circle');
  await typePeople(browser, ['fan-101', 'fan-102', 'uid-not-found']);
  await sendIt(browser);
  await expectRow(browser, 'fan-101', 'done');
  await expectRow(browser, 'uid-not-found', 'refused');

  await browser.reload();
  // Refused people stay in the box, and are restored together with the group.
  await browser.says(text('unsent.title'));
  await browser.click({ role: 'button', name: text('unsent.discard') });
  await browser.says(text('add.group_has', { count: 7 }));
  await typePeople(browser, ['fan-101']);
  await browser.says(text('plan.same_already', { count: 1 }));
});
