// Pictures of people: loaded only from hosts that config.json names; everyone else has initials.
import { readFileSync } from 'node:fs';
import type { Locator, Request } from '@playwright/test';
import { expect, test, type Page } from './support/test';
import { connect, openGroup } from './support/connect';
import { HOSTS } from './support/hosts';
import { BASES, citizen, citizens, makeGroup } from './support/sandbox';
import { scopeCell, text } from './support/text';

const PNG = readFileSync(new URL('../public/icon-192.png', import.meta.url));

/** The host in `e2e/configs/pictures.json`. No name in `.example` exists, so the browser's requests are answered here. */
const ALLOWED = 'https://pictures.example';
const GOOD = `${ALLOWED}/good.png?size=s`;
const MISSING = `${ALLOWED}/missing.png`;
const NO_PICTURE = `${ALLOWED}/text.png`;
const MOVED = `${ALLOWED}/moved.png`;

/** Pictures that are not loaded, whatever the host allows. */
const REFUSED = [
  'https://other.example/good.png',
  'http://pictures.example/good.png',
  'https://pictures.example:8443/good.png',
  'https://pictures.example@other.example/good.png',
  'https://pictures.example\\@other.example/good.png',
  '//pictures.example/good.png',
  '/icon-192.png',
  'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=',
  'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="globalThis.hostileRan=1"/>',
  'javascript:globalThis.hostileRan=1',
  '"><img src=https://pictures.example/good.png>',
];

/**
 * Gives people pictures in the responses of the sandbox, which accepts only addresses from its own users. Returns the
 * requests for pictures that the page makes.
 */
async function givePictures(page: Page, pictures: Record<string, string>): Promise<Request[]> {
  const asked: Request[] = [];
  page.on('request', request => void (request.resourceType() === 'image' && asked.push(request)));
  await page.route(/^https?:\/\/([\w.]+@)?(pictures|other)\.example/, route => {
    const url = route.request().url();
    if (url.startsWith(MISSING)) return route.fulfill({ status: 404 });
    if (url.startsWith(NO_PICTURE)) return route.fulfill({ contentType: 'image/png', body: 'no picture' });
    if (url.startsWith(MOVED)) return route.fulfill({ status: 302, headers: { location: REFUSED[0] } });
    return route.fulfill({ contentType: 'image/png', body: PNG });
  });
  await page.route(url => url.href.startsWith(BASES.CometChat), async route => {
    if (route.request().method() !== 'GET') return route.continue();
    const response = await route.fetch();
    const body = await response.json();
    for (const row of [body.data].flat()) if (row?.uid in pictures) row.avatar = pictures[row.uid];
    return route.fulfill({ response, json: body });
  });
  return asked;
}

/** The pictures that were requested, without the site's own icons. */
const loaded = (asked: Request[]) => [...new Set(asked.map(request => request.url()))].filter(url => !url.startsWith('http://127.0.0.1')).sort();

/** The picture or the initials of a person in a list. */
const portrait = (list: Locator, id: string) => list.locator('[role=row], li').filter({ has: list.page().getByText(nameOf(id), { exact: true }) }).locator('.avatar');

const nameOf = (id: string) => `Citizen ${Number(id.replace(/\D/g, ''))}`;
const initialsOf = (id: string) => `C${nameOf(id).split(' ')[1][0]}`;

async function expectPicture(portrait: Locator) {
  const image = portrait.locator('img');
  await expect.poll(() => image.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(192);
  await expect(portrait).toHaveText('');
  await expect(image).toHaveAttribute('alt', '');
}

async function expectInitials(portrait: Locator, id: string) {
  await expect(portrait.locator('img')).toHaveCount(0);
  await expect(portrait).toHaveText(initialsOf(id));
}

/** Whether script from a response ran. */
const ran = (page: Page) => page.evaluate(() => 'hostileRan' in globalThis);

test.describe('a host that names a host of pictures', () => {
  test.use({ baseURL: HOSTS.pictures });

  test('shows pictures from there in the matrix, the review, the directory and the drawer', async ({ page, key, mark, request }) => {
    const [first, second] = citizens(2);
    await makeGroup(request, mark, { participants: [first, second] });
    const asked = await givePictures(page, { [first]: GOOD });
    await connect(page, 'CometChat', { key });

    await test.step('the directory and the drawer', async () => {
      await page.getByRole('searchbox', { name: text('members.search') }).fill('citizen-0000');
      const table = page.getByRole('grid', { name: text('members.title') });
      await expectPicture(portrait(table, first));
      await expectInitials(portrait(table, second), second);
      await table.getByRole('row').filter({ hasText: nameOf(first) }).click();
      const drawer = page.getByRole('complementary', { name: nameOf(first), exact: true });
      await expectPicture(drawer.locator('.avatar'));
      await expect(drawer.getByRole('link', { name: GOOD })).toHaveAttribute('href', GOOD);
      await drawer.getByRole('button', { name: text('ui.close') }).click();
      await expect(drawer).toBeHidden();
      await table.getByRole('row').filter({ hasText: nameOf(second) }).click();
      const other = page.getByRole('complementary', { name: nameOf(second), exact: true });
      await expect(other).toContainText(second);
      await expect(other.locator('.avatar')).toHaveCount(0);
    });

    await test.step('the matrix and the review', async () => {
      await openGroup(page, mark);
      const matrix = page.getByRole('grid', { name: text('scopes.table') });
      await expectPicture(portrait(matrix, first));
      await expectInitials(portrait(matrix, second), second);
      const sizes = await matrix.locator('.vbody .avatar').evaluateAll(all => all.map(one => one.getBoundingClientRect()).map(({ width, height }) => `${width} × ${height}`));
      expect(new Set(sizes).size, `a picture takes as much room as initials: ${sizes.join(', ')}`).toBe(1);
      for (const id of [first, second]) {
        const cell = page.getByRole('radio', { name: scopeCell(nameOf(id), 'moderator'), exact: true });
        await cell.click();
        await expect(cell).toBeChecked();
      }
      await page.getByRole('button', { name: text('scopes.review'), exact: true }).click();
      const review = page.getByRole('complementary', { name: text('scopes.review_title', { count: 2 }) });
      await expectPicture(portrait(review, first));
      await expectInitials(portrait(review, second), second);
    });

    expect(loaded(asked)).toEqual([GOOD]);
    for (const request of asked) expect((await request.allHeaders()).referer, request.url()).toBeUndefined();
  });

  test('asks no other host, and runs nothing', async ({ page, key, mark, request }) => {
    const ids = citizens(REFUSED.length);
    await makeGroup(request, mark, { participants: ids });
    const asked = await givePictures(page, Object.fromEntries(ids.map((id, idx) => [id, REFUSED[idx]])));
    await connect(page, 'CometChat', { key });
    await openGroup(page, mark);
    const matrix = page.getByRole('grid', { name: text('scopes.table') });
    for (const id of ids) await expectInitials(portrait(matrix, id), id);
    expect(loaded(asked)).toEqual([]);
    expect(await ran(page)).toBe(false);
  });

  test('shows initials for a picture that cannot be loaded', async ({ page, key, mark, request, quiet }) => {
    quiet.statuses(404);
    // The page's policy stops a request that is redirected to another host.
    quiet.about(/^violation: img-src https:\/\/(pictures|other)\.example/);
    quiet.about(/^(Loading|Refused to load) the image 'https:\/\/(pictures|other)\.example.* violates the following Content Security Policy directive/);
    const ids = citizens(3);
    await makeGroup(request, mark, { participants: ids });
    const asked = await givePictures(page, Object.fromEntries(ids.map((id, idx) => [id, [MISSING, NO_PICTURE, MOVED][idx]])));
    await connect(page, 'CometChat', { key });
    await openGroup(page, mark);
    const matrix = page.getByRole('grid', { name: text('scopes.table') });
    await expect.poll(() => loaded(asked)).toEqual(expect.arrayContaining([MISSING, MOVED, NO_PICTURE].sort()));
    for (const id of ids) await expectInitials(portrait(matrix, id), id);
  });
});

test('a host that names none loads no picture', async ({ page, key, mark, request }) => {
  const [first] = citizens(1);
  await makeGroup(request, mark, { participants: [first] });
  const asked = await givePictures(page, { [first]: GOOD });
  await connect(page, 'CometChat', { key });
  await page.getByRole('searchbox', { name: text('members.search') }).fill(citizen(1));
  const table = page.getByRole('grid', { name: text('members.title') });
  await expectInitials(portrait(table, first), first);
  await table.getByRole('row').filter({ hasText: nameOf(first) }).click();
  const drawer = page.getByRole('complementary', { name: nameOf(first), exact: true });
  await expect(drawer.getByRole('link', { name: GOOD })).toHaveAttribute('href', GOOD);
  await expect(drawer.locator('.avatar')).toHaveCount(0);
  // Everyone was read.
  await expect(page.getByRole('button', { name: text('directory.pause') })).toHaveCount(0);
  expect(loaded(asked)).toEqual([]);
});
