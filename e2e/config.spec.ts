// The operator's config.json: each file in e2e/configs is served as a separate host.
import { expect, test, type Page } from './support/test';
import { go, rail } from './support/connect';
import { pastePeople, pickGroup, sendButton } from './support/compose';
import { HOSTS } from './support/hosts';
import { expectSound } from './support/looks';
import { makeGroup, SANDBOX } from './support/sandbox';
import { settled } from './support/screens';
import { text } from './support/text';

const FANS = '/connections/~fans';

/** Enters the key of a configured connection, on the page that asks for it. */
async function giveKey(page: Page, key: string) {
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
  await page.getByRole('button', { name: text('connections.use_key') }).click();
}

test.describe('a host with connections, limits and a brand', () => {
  test.use({ baseURL: HOSTS.branded });

  test('has its own name, logo and accent', async ({ page }) => {
    await page.goto('/');
    await expect(page).toHaveTitle(text('shell.document_title', { page: text('overview.title'), name: 'Harbour Desk' }));
    const brand = rail(page).getByRole('link', { name: 'Harbour Desk' });
    await expect(brand).toBeVisible();
    const logo = brand.locator('img');
    await expect.poll(() => logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await expect(page.getByText(text('shell.name'), { exact: true })).toHaveCount(0);
    const accent = () => page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.color = 'var(--accent)';
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    });
    await expect.poll(accent).toBe('rgb(138, 31, 75)');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(accent).toBe('rgb(244, 166, 196)');
  });

  test('its connections are there for everybody, and nobody can change or remove them', async ({ page, key }) => {
    await page.goto('/connections');
    const row = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Harbour fans' });
    await expect(row).toContainText(text('connections.named'));
    await expect(row).toContainText(`${SANDBOX}/cometchat/v3`);
    await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: 'Harbour loops' })).toContainText('/relay/genuin/loops');

    await page.goto('/connections/~loops');
    await expect(page.getByText(text('connections.named_relay'))).toBeVisible();
    await expect(page.getByRole('link', { name: text('connections.named_give_key') })).toHaveCount(0);

    await page.goto(FANS);
    await expect(page.getByText(text('connections.named_fixed'))).toBeVisible();
    await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(0);
    await expect(page.getByRole('button', { name: text('connections.remove_button') })).toHaveCount(0);
    await page.getByRole('link', { name: text('connections.named_give_key') }).click();
    await giveKey(page, key);
    await expect(page.getByRole('heading', { level: 1, name: text('members.title') })).toBeVisible();
    await go(page, 'all_connections');
    await expect(row).toContainText(text('connections.has_key'));
  });

  test('its connections outlive erasing everything', async ({ page, key }) => {
    await page.goto('/c/~fans/members');
    await giveKey(page, key);
    await expect(page.getByRole('heading', { level: 1, name: text('members.title') })).toBeVisible();
    await go(page, 'settings');
    await page.getByRole('button', { name: text('settings.erase'), exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: text('settings.erase_confirm'), exact: true }).click();
    await expect(page.getByText(text('settings.erased'))).toBeAttached();
    await go(page, 'all_connections');
    const row = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Harbour fans' });
    await expect(row).toContainText(text('connections.needs_key'));
    await page.reload();
    await expect(row).toContainText(text('connections.named'));
  });

  test('a connection of one’s own with the same name is another one', async ({ page, key }) => {
    await page.goto('/connections/new');
    await page.getByRole('radio', { name: 'CometChat' }).check();
    await page.getByLabel(text('connections.base_url')).fill(`${SANDBOX}/cometchat/v3`);
    await page.getByLabel(text('connections.name'), { exact: true }).fill('Fans');
    await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
    await page.getByRole('button', { name: text('connections.add'), exact: true }).click();
    await expect(page).toHaveURL(/\/c\/fans\/members/);
    await go(page, 'all_connections');
    const rows = page.getByRole('main').getByRole('listitem');
    await expect(rows.filter({ hasText: text('connections.named') })).toHaveCount(2);
    await expect(rows).toHaveCount(3);
  });

  test('more people than the host allows cannot be sent, and are told so', async ({ page, key, mark, request }) => {
    // The connection acts as this person, who may add people to a group only as its admin.
    await makeGroup(request, mark, { admins: ['cap-admin'] });
    await page.goto('/c/~fans/members/add');
    await giveKey(page, key);
    await pickGroup(page, mark);
    await pastePeople(page, 'fan-001\nfan-002\nfan-003\nfan-004');
    const words = text('problems.too_many_people', { count: 3 });
    await expect(page.getByText(words).first()).toBeVisible();
    await expect(sendButton(page)).toHaveAttribute('aria-disabled', 'true');
    await page.getByRole('button', { name: text('ui.take_out', { name: 'fan-004' }) }).click();
    await expect(page.getByText(words)).toHaveCount(0);
    await expect(sendButton(page)).not.toHaveAttribute('aria-disabled', 'true');
  });

  test('every screen of it is sound', async ({ page }) => {
    for (const [path, what] of [['/', 'overview'], ['/connections', 'connections'], [FANS, 'connection']] as const) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await settled(page);
      await expectSound(page, `branded-${what}`);
    }
  });
});

test.describe('a host that has switched things off', () => {
  test.use({ baseURL: HOSTS.closed });

  test('neither controls nor pages are there', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('article', { name: 'Harbour guild' })).toBeVisible();
    for (const name of ['add_connection', 'sandbox', 'section_invites']) {
      await expect(page.getByRole('link', { name: text(`shell.${name}`), exact: true })).toHaveCount(0);
    }
    await page.goto('/runs');
    await expect(page.getByRole('heading', { level: 1, name: text('runs.title') })).toBeVisible();
    await expect(page.getByRole('link', { name: text('runs.open_file') })).toHaveCount(0);
    for (const path of ['/connections/new', '/sandbox', '/runs/open', '/c/~guild/invites']) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1, name: text('shell.switched_off_title') })).toBeVisible();
    }
    await expectSound(page, 'switched-off');
  });

  test('a direct connection that the host names can be used all the same', async ({ page, key }) => {
    await page.goto('/c/~guild/members');
    await giveKey(page, key);
    await expect(page.getByRole('heading', { level: 1, name: text('members.title') })).toBeVisible();
  });
});

test.describe('a host whose file is wrong', () => {
  test.use({ baseURL: HOSTS.broken });

  test('says everything that is wrong with it, uses nothing of it and connects to nobody', async ({ page }) => {
    await page.goto('/');
    const alert = page.getByRole('alert').filter({ hasText: text('shell.config_title') });
    const problems = alert.getByRole('listitem');
    await expect(problems).toHaveText([
      '<b>bold</b>: there is no such field',
      /^hosts\[0\]: a wildcard would let the page send keys to hosts that nobody has named/,
      /^brand\.accent\.light: text in this colour has a contrast of 1\.\d\d on .* and needs 4\.50; take a darker one$/,
      'features_off[0]: there is no such value; did you mean "invites"?',
    ]);
    await expect(page.getByText('Harbour Desk')).toHaveCount(0);
    await expect(page.getByRole('link', { name: text('shell.add_connection'), exact: true })).toHaveCount(0);
    await expectSound(page, 'broken-config');
    await page.getByRole('button', { name: text('overview.look_try') }).click();
    await expect(page.getByRole('article', { name: 'Superhero fans' })).toBeVisible();
  });
});

test.describe('a host that says nothing', () => {
  test.use({ baseURL: HOSTS.empty });

  test('fetches nothing to read it with', async ({ page }) => {
    const fetched: string[] = [];
    page.on('request', request => fetched.push(new URL(request.url()).pathname));
    await page.goto('/');
    await expect(page.getByRole('button', { name: text('overview.look_try') })).toBeVisible();
    expect(fetched.filter(path => path === '/config.json')).toHaveLength(1);
    expect(fetched.filter(path => /\/host-[0-9a-f]{16}\.wasm$/.test(path))).toEqual([]);
    expect((await page.request.get('/')).headers()['content-security-policy']).toContain("connect-src 'self';");
  });
});

test('the policy of a host names exactly where its file lets the page connect', async ({ request }) => {
  for (const [host, expected] of [['branded', `connect-src 'self' ${SANDBOX};`], ['broken', "connect-src 'self';"]]) {
    const response = await request.get(HOSTS[host]);
    expect(response.headers()['content-security-policy'], host).toContain(expected);
  }
});
