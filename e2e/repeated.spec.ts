// A vendor that is called directly over HTTP/2: a browser repeats calls by itself, and may not.
import { expect, test } from './support/test';
import { expectRow, pastePeople, pickGroup, send } from './support/compose';
import { addConnection, fillConnection, section } from './support/connect';
import { makeGroup } from './support/sandbox';
import { secure } from './support/secure';
import { text } from './support/text';

test.use({ ignoreHTTPSErrors: true });

test('a connection that dies before the answer has a call made once', async ({ page, key, mark, request, quiet }) => {
  // The vendor is asked without a key whether it takes a stream, and then the line goes.
  quiet.statuses(401);
  quiet.about(/^Failed to load resource: net::ERR_(FAILED|(CONNECTION|HTTP2|EMPTY)_\w+)/);
  const guid = mark;
  await makeGroup(request, guid);
  const vendor = await secure();
  try {
    await fillConnection(page, 'CometChat', { key });
    await page.getByLabel(text('connections.base_url')).fill(vendor.base);
    // The key was typed for another host, and does not follow.
    await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
    await addConnection(page);
    await section(page, 'add');
    await pickGroup(page, guid);
    await pastePeople(page, 'fan-001');
    vendor.dieNext();
    await send(page);
    // Lost, and read back.
    await expectRow(page, 'fan-001', 'done');
    expect(vendor.arrived).toEqual([`POST /v3/groups/${guid}/members`]);
  } finally {
    await vendor.close();
  }
});
