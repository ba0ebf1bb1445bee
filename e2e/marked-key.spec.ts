// A marked key for each vendor and storage: whatever is done, the key is found only where it belongs, and
// sent only to its own service.
import { expect, test, type Page } from './support/test';
import { copied } from './support/clipboard';
import { addMany, expectRow, openDetails, pastePeople, pickGroup, row, send } from './support/compose';
import { go, rail, section, settingsOf } from './support/connect';
import { button, connectIn, lockAll, passphrase, type Place } from './support/keys';
import { Watch, formsOf, type Sent } from './support/marks';
import { BASES, citizens, makeGroup, type VendorName } from './support/sandbox';
import { hasText, literally, text } from './support/text';

const COMMUNITY = '10000000-0000-4000-8000-000000000002';
/** For each place, a person who is in no community: joining twice gets no response. */
const GENUIN_USERS: Record<Place, string> = {
  memory: '30000000-0000-4000-8000-000000000091',
  tab: '30000000-0000-4000-8000-000000000092',
  device: '30000000-0000-4000-8000-000000000093',
};
/** The header that each vendor documents for its key. */
const KEY_HEADERS: Record<VendorName, string | undefined> = { Genuin: undefined, Networked: 'x-api-key', CometChat: 'apikey' };

/**
 * Removes the parts of a request that may contain the key: at the vendor, its header or the sign-in's body.
 */
function restAt(vendor: VendorName) {
  return (url: string, { headers, body }: Sent): Sent => {
    if (!url.startsWith(`${BASES[vendor]}/`)) return { headers, body };
    const name = KEY_HEADERS[vendor];
    if (!name) return { headers, body: url.endsWith('/auth') ? '' : body };
    return { headers: { ...headers, [name]: '' }, body };
  };
}

/** Adds one person who is accepted and one who is refused; opens the details and copies the call. */
async function addSome(page: Page, vendor: VendorName, place: Place, mark: string): Promise<string> {
  await section(page, 'add');
  const newcomer = { Genuin: GENUIN_USERS[place], Networked: 'New', CometChat: 'fan-001' }[vendor];
  if (vendor === 'CometChat') {
    await pickGroup(page, mark);
    await pastePeople(page, 'fan-001\nuid-not-found');
  } else if (vendor === 'Networked') {
    await pastePeople(page, `New <new.${mark}@new.example>\nOther <server-error.${mark}@new.example>`);
    await page.getByLabel(text('add.role')).selectOption('Viewer');
    await page.getByRole('radio', { name: text('add.flow_direct') }).check();
  } else {
    await pickGroup(page, COMMUNITY, 'community');
    await pastePeople(page, newcomer);
  }
  await send(page);
  await expect(row(page, newcomer)).toContainText(text('results.done'));
  if (vendor === 'CometChat') await expectRow(page, 'uid-not-found', 'refused');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const details = await openDetails(page, newcomer);
  await details.getByRole('button', { name: text('results.copy_curl') }).first().click();
  await expect(page.getByText(text('ui.copied'))).toBeAttached();
  return copied(page);
}

const PLACES: Place[] = ['memory', 'device'];
const VENDORS: VendorName[] = ['Genuin', 'Networked', 'CometChat'];

for (const vendor of VENDORS) {
  for (const place of PLACES) {
    test(`${vendor}, key in ${place}: it stays where it is`, async ({ page, context, mark, request, quiet }) => {
      test.slow();
      quiet.statuses(401, 403, 404, 409, 422, 500);
      const key = `mk.${mark}+/=key`;
      const secret = `ms.${mark}+/=secret`;
      const chosen = `pass ${mark} phrase`;
      const watch = new Watch(context, [key, secret, chosen], restAt(vendor));
      const look = (where: string) => watch.page(page, where);
      if (vendor === 'CometChat') await makeGroup(request, mark);

      await test.step('add', async () => {
        const groups = vendor === 'Genuin' ? { communities: `${COMMUNITY} First` } : {};
        await connectIn(page, vendor, place, chosen, { key, secret, name: 'Marked', ...groups });
        await look('after adding');
      });

      await test.step('every section', async () => {
        for (const name of ['members', 'add', 'moderators', 'invites', 'groups'] as const) {
          if (!hasText(`shell.section_${name}`)) continue;
          const link = rail(page).getByRole('link', { name: text(`shell.section_${name}`) });
          if (!(await link.isVisible())) continue;
          await section(page, name);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
          await expect(page.getByText(text('ui.loading'), { exact: true })).toHaveCount(0);
          await look(name);
        }
      });

      await test.step('send, look at the details, copy', async () => {
        const command = await addSome(page, vendor, place, mark);
        expect(command).toContain('curl');
        watch.look('the clipboard', command);
        await look('after sending');
      });

      if (vendor === 'CometChat') {
        await test.step('a run on a page of its own, taken along', async () => {
          await addMany(page, mark, [...citizens(55), 'uid-not-found']);
          await expect(page.getByRole('main').getByText(literally(text('results.n_added', { count: 55 })))).toBeVisible();
          for (const name of ['run.download_csv', 'run.download_json']) {
            const started = page.waitForEvent('download');
            await button(page, name).click();
            await watch.file(await (await started).path());
          }
          await look('the run');
        });
      }

      await test.step('every other page', async () => {
        for (const name of ['overview', 'activity', 'sandbox', 'settings', 'all_connections'] as const) {
          await go(page, name);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
          await look(name);
        }
        const started = page.waitForEvent('download');
        await button(page, 'connections.export').click();
        await watch.file(await (await started).path());
        await settingsOf(page, 'Marked');
        await button(page, 'connections.examine').click();
        const doctor = page.getByRole('region', { name: text('connections.doctor') });
        // An examination respects the vendor's rate limit, which may take a minute for Networked.
        await expect(doctor.getByRole('button', { name: text('doctor.again') })).toBeVisible({ timeout: 120_000 });
        await look('its own page');
      });

      await test.step('after loading anew', async () => {
        await page.reload();
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await look('loaded anew');
        if (place === 'device') {
          await passphrase(page).fill(chosen);
          await button(page, 'keys.unlock').click();
          await expect(page.getByText(text('connections.key_on_device'))).toBeVisible();
          await look('unlocked');
        }
      });

      if (place !== 'memory') {
        await test.step('locked', async () => {
          await lockAll(page).click();
          await expect(lockAll(page)).toHaveCount(0);
          await watch.page(page, 'locked');
        });
      }

      await test.step('removed', async () => {
        await button(page, 'connections.remove_button').click();
        await page.getByRole('dialog').getByRole('button', { name: text('connections.remove_button') }).click();
        await expect(page.getByText(text('connections.none_title'))).toBeVisible();
        await watch.page(page, 'removed');
      });
      await watch.expectNothing();
      expect(watch.nSent, 'the key was used at all').toBeGreaterThan(0);
    });
  }
}

test('a mark is found wherever it may be', async ({ page, context, mark, quiet }) => {
  quiet.about(/./);
  const key = `mk.${mark}+/=key`;
  await page.goto('/');
  const places: [string, (page: Page) => Promise<unknown>][] = [
    ['html', page => page.evaluate(key => { document.body.dataset.x = key; }, key)],
    ['fields', page => page.evaluate(key => { document.body.append(Object.assign(document.createElement('input'), { value: key })); }, key)],
    ['localStorage', page => page.evaluate(key => localStorage.setItem('x', btoa(`a${key}`)), key)],
    ['sessionStorage x', page => page.evaluate(key => sessionStorage.setItem('x', encodeURIComponent(key)), key)],
    ['history', page => page.evaluate(key => history.replaceState({ key }, ''), key)],
    ['indexedDB', page => page.evaluate(key => new Promise<void>(resolve => {
      const request = indexedDB.open('other');
      request.onupgradeneeded = () => request.result.createObjectStore('x').put({ deep: [new TextEncoder().encode(key)] }, 1);
      request.onsuccess = () => { request.result.close(); resolve(); };
    }), key)],
  ];
  for (const [name, put] of places) {
    await put(page);
    const watch = new Watch(context, [key], (_, sent) => sent);
    await watch.page(page, 'here');
    await expect(watch.expectNothing(), name).rejects.toThrow(name);
    await page.evaluate(() => { localStorage.clear(); sessionStorage.clear(); indexedDB.deleteDatabase('other'); });
    await page.goto('/');
  }
  const watch = new Watch(context, [key], (_, sent) => sent);
  await page.evaluate(key => console.info('said', key), key);
  await page.evaluate(key => fetch(`/config.json?x=${encodeURIComponent(key)}`), key);
  await expect(watch.expectNothing()).rejects.toThrow(/console[^]*an address/);
  expect(formsOf('abc').length).toBeGreaterThan(3);
});
