// All screens, with the sample communities in the in-browser sandbox.
import { expect, type Page } from '@playwright/test';
import { written } from './connect';
import { locale, text } from './text';

export type Screen = {
  /** The name of its screenshot. */
  name: string;
  path: string;
  /** True if the sample communities have been added. */
  hasSamples?: boolean;
  /** Text that appears once everything is read, in any language of the console. */
  shows?: string | RegExp;
  /** Actions to reach the screen. */
  act?: (page: Page) => Promise<void>;
};

const SUPER = '/c/superhero-fans';
const GUILD = '/c/founders-guild';
const LOOP = '/c/loop-studio';

export const SCREENS: Record<string, Screen[]> = {
  'at first': [
    { name: 'first-visit', path: '/' },
    { name: 'connections-none', path: '/connections' },
    { name: 'connection-new', path: '/connections/new' },
    { name: 'activity-none', path: '/activity' },
    { name: 'runs-none', path: '/runs' },
    { name: 'runs-open', path: '/runs/open' },
    { name: 'run-unknown', path: '/runs/nowhere' },
    { name: 'undo-unknown', path: '/runs/nowhere/undo' },
    { name: 'undo-nothing', path: '/undo' },
    { name: 'reviews-none', path: '/review' },
    { name: 'review-unknown', path: '/review?request=nowhere' },
    { name: 'import-none', path: '/import' },
    { name: 'import-preview-gone', path: '/import/preview' },
    { name: 'not-found', path: '/no/such/page' },
    { name: 'connection-unknown', path: '/c/no-such-one/members' },
  ],
  'with connections': [
    { name: 'overview', path: '/', hasSamples: true, shows: 'Superhero fans' },
    { name: 'connections', path: '/connections', hasSamples: true, shows: 'Superhero fans' },
    { name: 'connection', path: '/connections/loop-studio', hasSamples: true },
    { name: 'import', path: '/import', hasSamples: true },
    { name: 'settings', path: '/settings', hasSamples: true },
    { name: 'sandbox', path: '/sandbox', hasSamples: true, shows: 'uid-not-found' },
  ],
  CometChat: [
    { name: 'cometchat-members', path: `${SUPER}/members`, hasSamples: true, shows: /aurora-admin|cap-admin|fan-|citizen/ },
    { name: 'cometchat-person', path: `${SUPER}/members?q=Storm&person=storm-admin`, hasSamples: true, shows: 'storm-admin' },
    { name: 'cometchat-add', path: `${SUPER}/members/add?group=book-circle`, hasSamples: true },
    { name: 'cometchat-moderators', path: `${SUPER}/moderators?group=superhero-fans`, hasSamples: true, shows: 'Storm' },
    { name: 'cometchat-invites', path: `${SUPER}/invites`, hasSamples: true },
    { name: 'cometchat-groups', path: `${SUPER}/groups`, hasSamples: true, shows: 'Book circle' },
    { name: 'cometchat-group-new', path: `${SUPER}/groups?new=group`, hasSamples: true },
    { name: 'cometchat-scopes', path: `${SUPER}/groups/superhero-fans`, hasSamples: true, shows: 'André Dvořák' },
    // A failed read.
    { name: 'cometchat-group-missing', path: `${SUPER}/groups/no-such-group`, hasSamples: true, shows: 'no-such-group' },
  ],
  Networked: [
    { name: 'networked-members', path: `${GUILD}/members`, hasSamples: true, shows: /@founders\.example/ },
    { name: 'networked-add', path: `${GUILD}/members/add`, hasSamples: true },
    { name: 'networked-moderators', path: `${GUILD}/moderators`, hasSamples: true },
    { name: 'networked-invites', path: `${GUILD}/invites`, hasSamples: true },
    { name: 'networked-groups', path: `${GUILD}/groups`, hasSamples: true },
  ],
  Genuin: [
    { name: 'genuin-members', path: `${LOOP}/members`, hasSamples: true },
    { name: 'genuin-add', path: `${LOOP}/members/add`, hasSamples: true },
    { name: 'genuin-moderators', path: `${LOOP}/moderators`, hasSamples: true },
    { name: 'genuin-invites', path: `${LOOP}/invites`, hasSamples: true },
    { name: 'genuin-groups', path: `${LOOP}/groups`, hasSamples: true, shows: 'Morning takes' },
    { name: 'genuin-community-new', path: `${LOOP}/groups?new=community`, hasSamples: true },
    { name: 'genuin-group-new', path: `${LOOP}/groups?new=group`, hasSamples: true },
    { name: 'genuin-group', path: `${LOOP}/groups/20000000-0000-4000-8000-000000000001`, hasSamples: true },
  ],
};

/** Adds the sample communities from the overview, and waits until they outlive the page. */
export async function addSamples(page: Page) {
  await page.goto('/');
  await page.getByRole('button', { name: text('overview.look_try') }).click();
  await expect(page.getByRole('heading', { level: 1, name: text('overview.title') })).toBeVisible();
  await written(page, 'Superhero fans', 'Founders Guild', 'Loop Studio');
}

/** Opens a screen and waits until everything on it is read. */
export async function open(page: Page, screen: Screen, query = '') {
  const joint = screen.path.includes('?') ? '&' : '?';
  await page.goto(screen.path + (query ? joint + query : ''));
  await shown(page, screen);
}

/** Goes to a screen within the console, as a link does: faster than loading the page. */
export async function show(page: Page, screen: Screen) {
  await page.evaluate(path => {
    const link = Object.assign(document.createElement('a'), { href: path });
    document.body.append(link);
    link.click();
    link.remove();
  }, screen.path);
  const wanted = new URL(screen.path, page.url());
  // The address changes once the screen is drawn.
  await expect(page).toHaveURL(url => url.pathname === wanted.pathname
    && [...wanted.searchParams].every(([name, value]) => url.searchParams.get(name) === value));
  await shown(page, screen);
}

/** Waits until everything on a screen is read. */
async function shown(page: Page, screen: Screen) {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  if (screen.shows) await expect(page.getByRole('main').getByText(screen.shows).filter({ visible: true }).first()).toBeVisible();
  await settled(page);
}

/** Waits until no loading indicator is left. */
export async function settled(page: Page) {
  const loading = ['ar', 'de', 'en', 'es', 'fr', 'pt-BR'].map(tag => locale(tag).ui.loading).join('|');
  const madeUp = /⟦Lóádíñğ… Lóádíñğ…⟧/.source;
  await expect(page.getByText(new RegExp(`^(${loading}|${madeUp})$`))).toHaveCount(0);
}
