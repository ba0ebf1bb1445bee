// A vendor called directly over HTTP/2: browsers repeat requests by themselves, which must not happen here.
import { expect, test } from './support/test';
import { expectRow, pastePeople, pickGroup, send } from './support/compose';
import { addConnection, fillConnection, section } from './support/connect';
import { makeGroup } from './support/sandbox';
import { secure } from './support/secure';
import { text } from './support/text';

test.use({ ignoreHTTPSErrors: true });

test('a connection that dies before the answer has a call made once', async ({ page, key, mark, request, quiet }) => {
  // The console first asks the vendor, without a key, whether it accepts a streamed body; then the connection
  // breaks.
  quiet.statuses(401);
  quiet.about(/^Failed to load resource: net::ERR_(FAILED|(CONNECTION|HTTP2|EMPTY)_\w+)/);
  const guid = mark;
  await makeGroup(request, guid);
  const vendor = await secure();
  try {
    await fillConnection(page, 'CometChat', { key });
    await page.getByLabel(text('connections.base_url')).fill(vendor.base);
    // The key was typed for another host, so the console has discarded it.
    await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
    await addConnection(page);
    await section(page, 'add');
    await pickGroup(page, guid);
    await pastePeople(page, 'fan-001');
    vendor.dieNext();
    await send(page);
    // The response is lost; the result is read back.
    await expectRow(page, 'fan-001', 'done');
    expect(vendor.arrived).toEqual([`POST /v3/groups/${guid}/members`]);
  } finally {
    await vendor.close();
  }
});
