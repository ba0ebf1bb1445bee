// A key stored on the device: locked, rejected with a wrong passphrase, unlocked with the right one.
import { text } from '../support/text';
import { connect } from './acts';
import type { Wanted } from './driver';
import { test } from './test';

const CHOSEN = 'correct horse battery';
const PASSPHRASE: Wanted = { role: 'field', name: text('keys.passphrase') };

test('a key on the device is locked, and unlocked with its passphrase', async ({ tab, key }) => {
  await connect(tab, 'Sealed', key, CHOSEN);
  await tab.click({ role: 'button', name: text('shell.lock_what'), part: true, within: { role: 'banner' } });
  await tab.one({ role: 'heading', name: text('connections.locked_title', { name: 'Sealed' }) });
  await tab.type(PASSPHRASE, 'correct horse batteri');
  await tab.click({ role: 'button', name: text('keys.unlock') });
  await tab.says(text('keys.passphrase_wrong'));
  await tab.clear(PASSPHRASE);
  await tab.type(PASSPHRASE, CHOSEN);
  await tab.click({ role: 'button', name: text('keys.unlock') });
  await tab.one({ role: 'heading', name: text('members.title') });

  // After a reload, the page needs the passphrase again.
  await tab.reload();
  await tab.one({ role: 'heading', name: text('connections.locked_title', { name: 'Sealed' }) });
  await tab.type(PASSPHRASE, CHOSEN);
  await tab.click({ role: 'button', name: text('keys.unlock') });
  await tab.one({ role: 'heading', name: text('members.title') });
});
