// Connections, created through the user interface.
import { expect, type Locator, type Page } from '@playwright/test';
import { text } from './text';
import type { VendorName } from './sandbox';

export type Connecting = { key: string; secret?: string; name?: string; actingAs?: string; communities?: string; groups?: string };

/** Fills in the form for a new connection to the sandbox server, without submitting it. */
export async function fillConnection(page: Page, vendor: VendorName, { key, secret, name, actingAs, communities, groups }: Connecting) {
  await page.goto('/connections/new');
  await page.getByRole('radio', { name: vendor }).check();
  await page.getByRole('button', { name: text('connections.use_sandbox') }).click();
  await page.getByLabel(text('connections.name'), { exact: true }).fill(name ?? `My ${vendor}`);
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
  if (secret && vendor === 'Genuin') await page.getByLabel(text('connections.api_secret'), { exact: true }).fill(secret);
  if (actingAs) await page.getByLabel(text('connections.acting_as')).fill(actingAs);
  if (communities) await page.getByLabel(text('connections.communities')).fill(communities);
  if (groups) await page.getByLabel(text('connections.groups')).fill(groups);
}

/** Adds a connection to the sandbox server through the form; ends on its members. */
export async function connect(page: Page, vendor: VendorName, connecting: Connecting) {
  await fillConnection(page, vendor, connecting);
  await addConnection(page);
}

/** Fills in the form for a connection through the relay of a test's own site. */
export async function fillRelayed(page: Page, origin: string, base = '/relay/cometchat/fans/v3', vendor: VendorName = 'CometChat') {
  await page.goto(`${origin}/connections/new`);
  await page.getByRole('radio', { name: vendor }).check();
  await page.getByRole('radio', { name: text('connections.relay') }).check();
  await page.getByLabel(text('connections.name'), { exact: true }).fill('Relayed');
  await page.getByLabel(text('connections.base_url')).fill(base);
}

/** The names of the connections that the browser has persisted. */
export function storedNames(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    // Opening a database that is not there would create it.
    if (!(await indexedDB.databases()).some(({ name }) => name === 'muster')) return [];
    const database = await done(indexedDB.open('muster'));
    const isComplete = database.objectStoreNames.contains('connections');
    const records: { json: string }[] = isComplete ? await done(database.transaction('connections').objectStore('connections').getAll()) : [];
    database.close();
    return records.map(({ json }) => JSON.parse(json).name);
  });
}

/** Waits until the browser has persisted these connections, which may happen in the background. */
export async function written(page: Page, ...names: string[]) {
  await expect.poll(() => storedNames(page)).toEqual(expect.arrayContaining(names));
}

/** Submits the filled form; ends on the members of the connection. */
export async function addConnection(page: Page) {
  await page.getByRole('button', { name: text('connections.add'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('members.title') })).toBeVisible();
}

/** Opens a section of the open connection without a page load, because keys are in memory. */
export async function section(page: Page, name: 'members' | 'add' | 'moderators' | 'invites' | 'groups') {
  await follow(rail(page).getByRole('link', { name: text(`shell.section_${name}`) }));
}

/** Follows a link of the rail, and waits until the page before is gone: it may have the same fields and headings. */
async function follow(link: Locator) {
  await link.click();
  await expect(link).toHaveAttribute('aria-current', 'page');
}

/** Opens a group through its list, where the search leaves only one. */
export async function openGroup(page: Page, guid: string) {
  await section(page, 'groups');
  await page.getByRole('searchbox', { name: text('groups.search') }).fill(guid);
  await expect(page).toHaveURL(url => url.searchParams.get('q') === guid);
  const rows = page.getByRole('grid', { name: text('groups.title') }).getByRole('row');
  await expect(rows).toHaveCount(2);
  await rows.filter({ hasText: guid }).getByRole('link').click();
  await expect(page).toHaveURL(url => url.pathname.endsWith(`/groups/${guid}`));
}

/** Opens the settings of a connection through its name in the rail. */
export async function settingsOf(page: Page, name: string) {
  await rail(page).getByRole('link', { name }).click();
  await follow(rail(page).getByRole('list', { name }).getByRole('link', { name: text('shell.section_settings') }));
}

/** Chooses a rarer action of the open group. */
export async function groupAction(page: Page, name: 'edit' | 'delete') {
  await page.getByRole('button', { name: text('groups.more') }).click();
  await page.getByRole('menuitem', { name: text(`groups.${name}`) }).click();
}

/** The navigation rail. */
export function rail(page: Page) {
  return page.getByRole('navigation', { name: text('shell.sections') });
}

/** Opens a page of the rail that belongs to no connection. */
export async function go(page: Page, name: 'overview' | 'activity' | 'sandbox' | 'settings' | 'all_connections') {
  await follow(rail(page).getByRole('link', { name: text(`shell.${name}`), exact: true }));
}
