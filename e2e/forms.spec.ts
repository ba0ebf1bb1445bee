// Forms in real use: emptied, left and revisited, translated, filled with an input-method editor.
import type { APIRequestContext } from '@playwright/test';
import { expect, test, type Page } from './support/test';
import { connect, groupAction, openGroup, section } from './support/connect';
import { addMore, confirmWarnings, expectOver, expectRow, pastePeople, peopleBox, pickGroup, send, sendButton } from './support/compose';
import { expectSound } from './support/looks';
import { BASES, citizen, makeGroup } from './support/sandbox';
import { addSamples, SCREENS, settled, show } from './support/screens';
import { stored } from './support/stored';
import { scopeCell, text } from './support/text';

const restored = (page: Page) => page.getByText(text('unsent.title'));
const chips = (page: Page) => page.getByRole('list', { name: text('add.recognised') }).first();
const ADD = '/c/superhero-fans/members/add';

test.describe('what is emptied', () => {
  const full = { description: 'Up the hill', tags: ['a', 'b'], metadata: { kind: 'walk' } };

  test('CometChat: description, tags and metadata are taken away, and what is not touched stays', async ({ page, key, mark, request }) => {
    await makeGroup(request, mark);
    await groupAt(request, mark, full);
    await connect(page, 'CometChat', { key });
    await openGroup(page, mark);
    await groupAction(page, 'edit');
    const [name, description, tags, metadata] = ['name', 'description', 'tags', 'metadata'].map(field => page.getByLabel(text(`groups.${field}`)));
    await expect(description).toHaveValue('Up the hill');
    await expect(tags).toHaveValue('a, b');
    await expect(metadata).toHaveValue('{"kind":"walk"}');

    await name.fill('Renamed');
    await page.getByRole('button', { name: text('groups.save') }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Renamed' })).toBeVisible();
    expect(await groupAt(request, mark)).toMatchObject(full);
    await addMore(page);

    for (const field of [description, tags, metadata]) await field.fill('');
    const sent = page.waitForRequest(request => request.method() === 'PUT');
    await page.getByRole('button', { name: text('groups.save') }).click();
    expect((await sent).postDataJSON()).toEqual({ tags: [], unset: ['description', 'metadata'] });
    await expect.poll(async () => {
      const now = await groupAt(request, mark);
      return [now.description, now.tags, now.metadata];
    }).toEqual([undefined, [], undefined]);
  });

  test('Genuin: what cannot be read is taken away only when asked', async ({ page, key, mark }) => {
    await connect(page, 'Genuin', { key, groups: '20000000-0000-4000-8000-000000000003 Crew room' });
    await section(page, 'groups');
    await page.getByRole('link', { name: 'Crew room' }).click();
    await page.getByRole('textbox', { name: text('groups.name'), exact: true }).fill(`Crew ${mark}`);
    await page.getByRole('checkbox', { name: text('groups.clear_tags') }).check();
    const sent = page.waitForRequest(request => request.method() === 'PATCH');
    await page.getByRole('button', { name: text('groups.save') }).click();
    expect((await sent).postDataJSON()).toEqual({ name: `Crew ${mark}`, tags: '' });
  });
});

test.describe('what cannot be read is typed', () => {
  test('Networked: roles and pricing plans', async ({ page, quiet }) => {
    quiet.statuses(403);
    await connect(page, 'Networked', { key: 'no-privilege-key' });
    await section(page, 'add');
    await page.getByLabel(text('add.role_id')).fill('role-7');
    await page.getByLabel(text('add.price_id')).fill('plan-7');
    await pastePeople(page, 'Ada <ada@new.example>');
    await confirmWarnings(page, sendButton(page));
    await section(page, 'invites');
    await page.getByLabel(text('add.role_id')).fill('role-7');
    await page.getByLabel(text('invites.price_ids')).fill('plan-7, plan-8');
    await pastePeople(page, 'Ada <ada@new.example>');
    await confirmWarnings(page, sendButton(page));
  });

  test('CometChat: a group that nobody may read', async ({ page, key, mark, request, quiet }) => {
    quiet.statuses(403);
    await makeGroup(request, mark);
    await connect(page, 'CometChat', { key, actingAs: 'permission-denied' });
    await section(page, 'add');
    await pickGroup(page, mark);
    await expect(page.getByRole('button', { name: text('ui.try_again') })).toBeVisible();
    await pastePeople(page, 'fan-001');
    await confirmWarnings(page, sendButton(page));
  });
});

test.describe('what was not sent', () => {
  test('stays when the form is left, through a reload, until it is discarded', async ({ page }) => {
    await addSamples(page);
    await page.goto(ADD);
    await pickGroup(page, 'book-circle');
    await pastePeople(page, 'fan-001\nfan-002\nnot an id!');
    await section(page, 'members');
    await section(page, 'add');
    await expect(restored(page)).toBeVisible();
    await expect(chips(page).getByRole('button')).toHaveCount(3);
    await expect(page.getByRole('combobox', { name: text('groups.pick_group') })).toHaveValue('book-circle');
    await expect.poll(() => stored(page)).toContain('not an id!');
    await page.reload();
    await expect(restored(page)).toBeVisible();
    await expect(chips(page)).toContainText('not an id!');
    await expectSound(page, 'unsent');
    await page.getByRole('button', { name: text('unsent.discard') }).click();
    await expect(chips(page).getByRole('button')).toHaveCount(0);
    await expect.poll(() => stored(page)).not.toContain('not an id!');
    await page.reload();
    await expect(peopleBox(page)).toBeVisible();
    await expect(restored(page)).toHaveCount(0);
  });

  test('is gone once it was sent', async ({ page }) => {
    await addSamples(page);
    await page.goto(ADD);
    await pickGroup(page, 'book-circle');
    await pastePeople(page, `${citizen(150)}\nuid-not-found`);
    await send(page);
    await expectRow(page, citizen(150), 'done');
    // A form that is left earlier keeps nobody, because the run has them.
    await expectOver(page);
    await section(page, 'members');
    await section(page, 'add');
    await expect(chips(page)).toContainText('uid-not-found');
    await expect(chips(page).getByRole('button')).toHaveCount(1);
  });

  test('is what stands in the text, while people are edited as text', async ({ page }) => {
    await addSamples(page);
    await page.goto(ADD);
    await pickGroup(page, 'book-circle');
    await pastePeople(page, `${citizen(160)}\n${citizen(161)}\nuid-not-found`);
    await page.getByRole('button', { name: text('add.as_text') }).click();
    const list = page.getByLabel(text('add.people_as_text'));
    await list.fill(`${citizen(161)}\nuid-not-found\n${citizen(162)}`);
    await expect(page.getByRole('button', { name: text('add.button_add', { count: 3 }) })).toBeVisible();
    await send(page);
    await expectRow(page, citizen(161), 'done');
    await expectRow(page, citizen(162), 'done');
    await expect(page.getByRole('listitem').filter({ hasText: citizen(160) })).toHaveCount(0);
    await addMore(page);
    await expect(list).toHaveValue('uid-not-found');
    await page.getByRole('button', { name: text('add.as_chips') }).click();
    await expect(chips(page).getByRole('button')).toHaveCount(1);
    await section(page, 'members');
    await section(page, 'add');
    await expect(chips(page).getByRole('button')).toHaveCount(1);
  });

  test('is sent from one tab: the other keeps only what was typed there', async ({ page, context }) => {
    await addSamples(page);
    await page.goto(ADD);
    await pickGroup(page, 'book-circle');
    await pastePeople(page, `${citizen(170)}\n${citizen(171)}`);
    await expect.poll(() => stored(page)).toContain(citizen(171));
    const other = await context.newPage();
    await other.goto(ADD);
    await expect(restored(other)).toBeVisible();
    await typePerson(other, citizen(172));
    await expect(chips(other).getByRole('button')).toHaveCount(3);

    await send(page);
    await expectRow(page, citizen(171), 'done');
    await expect(other.getByText(text('unsent.sent_elsewhere'), { exact: true })).toBeVisible();
    await expectSound(other, 'sent-elsewhere');
    await expect(chips(other).getByRole('button')).toHaveCount(1);
    await expect(chips(other)).toContainText(citizen(172));
    await other.getByRole('button', { name: text('unsent.put_back') }).click();
    await expect(chips(other).getByRole('button')).toHaveCount(3);
    await other.getByRole('button', { name: text('unsent.discard') }).click();
    await other.close();
  });

  test('holds no password, and goes with its connection and with everything', async ({ page }) => {
    await addSamples(page);
    const guild = '/c/founders-guild/members/add';
    await page.goto(guild);
    await pastePeople(page, 'Ada <ada@new.example>');
    await page.getByRole('radio', { name: text('add.flow_direct') }).check();
    await page.locator('input[type=password]').fill('pass-word-1815');
    await expect.poll(() => stored(page)).toContain('ada@new.example');
    // What is stored says so once the password was typed.
    await expect.poll(() => stored(page)).toMatch(/had_password\W+true/);
    expect(await stored(page)).not.toContain('pass-word-1815');
    await page.goto('/connections/founders-guild');
    await page.getByRole('button', { name: text('connections.remove_button') }).click();
    await page.getByRole('dialog').getByRole('button', { name: text('connections.remove_button') }).click();
    await expect.poll(() => stored(page)).not.toContain('ada@new.example');

    await page.goto(ADD);
    await pastePeople(page, 'person-who-waits');
    await expect.poll(() => stored(page)).toContain('person-who-waits');
    await page.goto('/settings');
    await page.getByRole('button', { name: text('settings.erase'), exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: text('settings.erase_confirm') }).click();
    await expect.poll(() => stored(page)).not.toContain('person-who-waits');
  });

  test('comes back as it was chosen: a private group stays private, and a password is asked for again', async ({ page, key, mark }) => {
    await connect(page, 'CometChat', { key });
    const open = async () => {
      await section(page, 'groups');
      await page.getByRole('link', { name: text('groups.new_group') }).click();
    };
    const kind = (name: string) => page.getByRole('radio', { name: text(`groups.access_${name}`), exact: true });
    const create = page.getByRole('button', { name: text('groups.create'), exact: true });
    await open();
    await page.getByLabel(text('groups.name')).fill('Quiet');
    await page.getByLabel(text('groups.id'), { exact: true }).fill(mark);
    await page.getByLabel(text('groups.metadata')).fill('{"kind":"walk"}');
    await kind('private').check();
    await expect.poll(() => stored(page)).toContain('private');
    await open();
    await expect(restored(page)).toBeVisible();
    await expect(kind('private')).toBeChecked();
    await expect(page.getByLabel(text('groups.metadata'))).toHaveValue('{"kind":"walk"}');

    await kind('password').check();
    await page.locator('input[type=password]').fill('pass-word-1815');
    await open();
    await expect(kind('password')).toBeChecked();
    // The new kind has been stored, and so would the password have been.
    await expect.poll(() => stored(page)).not.toContain('private');
    expect(await stored(page)).not.toContain('pass-word-1815');
    await expect(create).toHaveAttribute('aria-disabled', 'true');
    await kind('private').check();
    const sent = page.waitForRequest(request => request.method() === 'POST' && request.url().endsWith('/groups'));
    await create.click();
    expect((await sent).postDataJSON()).toMatchObject({ guid: mark, type: 'private', metadata: { kind: 'walk' } });
  });

  test('comes back when keys were locked', async ({ page, key, mark, request }) => {
    await makeGroup(request, mark);
    await connect(page, 'CometChat', { key });
    await section(page, 'add');
    await pickGroup(page, mark);
    await pastePeople(page, 'fan-001\nfan-002');
    await page.getByRole('button', { name: text('shell.lock_what') }).click();
    await expect(peopleBox(page)).toHaveCount(0);
    await expect(page.getByText('fan-001')).toHaveCount(0);
    await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
    await page.getByRole('button', { name: text('connections.use_key') }).click();
    await expect(restored(page)).toBeVisible();
    await expect(chips(page).getByRole('button')).toHaveCount(2);
  });

  test('staged scopes stay too', async ({ page }) => {
    await addSamples(page);
    await page.goto('/c/superhero-fans/groups/book-circle');
    const cell = page.getByRole('radio', { name: new RegExp(`${scopeCell('', 'moderator')}$`) });
    const free = page.getByRole('radio', { name: new RegExp(`${scopeCell('', 'moderator')}$`), checked: false }).first();
    await expect(cell.first()).toBeVisible();
    // The radio is named by a screen reader text next to it, and its name changes once it is chosen.
    const row = page.getByRole('row').filter({ has: free });
    const person = await row.first().locator('.person-name').innerText();
    await free.click();
    await expect(page.locator('.staged-bar')).toContainText(text('scopes.n_staged', { count: 1 }));
    await expect.poll(() => stored(page)).toContain(person);
    await page.reload();
    await expect(restored(page)).toBeVisible();
    await expect(page.locator('.staged-bar')).toContainText(text('scopes.n_staged', { count: 1 }));
    const staged = page.getByRole('radio', { name: scopeCell(person, 'moderator'), exact: true });
    await expect(staged).toBeChecked();
    await page.getByRole('button', { name: text('unsent.discard') }).click();
    await expect.poll(() => stored(page)).not.toContain(person);
    await page.reload();
    await expect(cell.first()).toBeVisible();
    await expect(restored(page)).toHaveCount(0);
  });
});

test('no key acts while letters are composed', async ({ page }) => {
  await addSamples(page);
  await page.goto(ADD);
  const box = peopleBox(page);
  await box.focus();
  const editor = await page.context().newCDPSession(page);
  await editor.send('Input.imeSetComposition', { text: 'あだ', selectionStart: 2, selectionEnd: 2 });
  for (const key of ['Enter', ',', 'Escape']) {
    await box.evaluate((input, key) => input.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true })), key);
    await box.evaluate((input, key) => input.dispatchEvent(new KeyboardEvent('keydown', { key, keyCode: 229, bubbles: true, cancelable: true })), key);
  }
  await expect(chips(page).getByRole('button')).toHaveCount(0);
  await expect(box).toHaveValue('あだ');
  await editor.send('Input.insertText', { text: 'fan-001' });
  await box.press('Enter');
  await expect(chips(page).getByRole('button')).toHaveCount(1);
});

test('a search finds names whichever way they are typed', async ({ page, key, mark, request }) => {
  await makeGroup(request, mark);
  const headers = { apikey: `names-${mark}` };
  const uid = `jose-${mark}`;
  await request.post(`${BASES.CometChat}/users`, { headers, data: { uid, name: 'José Pérez' } });
  await request.post(`${BASES.CometChat}/groups/${mark}/members`, { headers, data: { participants: [uid, 'fan-001'] } });
  await connect(page, 'CometChat', { key });
  await openGroup(page, mark);
  const rows = page.getByRole('grid', { name: text('scopes.table') }).getByRole('row');
  await expect(rows).toHaveCount(3);
  for (const typed of ['Jose perez', 'José', 'JOSE\u0301', 'ｊｏｓｅ']) {
    await page.getByRole('searchbox', { name: text('scopes.find') }).fill(typed);
    // The table follows the address, and until then shows what the search before has found.
    await expect(page).toHaveURL(url => url.searchParams.get('q') === typed);
    await expect(rows).toHaveCount(2);
    await expect(rows.last()).toContainText('José Pérez');
  }
});

for (const way of ['replaced', 'wrapped'] as const) {
  test.describe(`a page whose texts a translation has ${way}`, () => {
    test('is left and goes on: every screen', async ({ page }) => {
      test.slow();
      await addSamples(page);
      for (const screen of Object.values(SCREENS).flat().filter(screen => screen.hasSamples)) {
        await test.step(screen.name, async () => {
          await show(page, screen);
          await translate(page, way);
          await page.locator('nav a[href$="/activity"]').first().click();
          await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toHaveText(text('activity.title'));
          await settled(page);
          await expect(page.getByRole('main')).not.toContainText('⟪');
        });
      }
    });

    test('counts, plans, sends and says what came of it', async ({ page }) => {
      await addSamples(page);
      await page.goto(ADD);
      await pickGroup(page, 'book-circle');
      await expect(page.getByText(text('add.reading_group'))).toHaveCount(0);
      await translate(page, way);
      await typePerson(page, citizen(201));
      await expect(page.getByText(text('add.n_recognised', { count: 1 }), { exact: true })).toBeVisible();
      await translate(page, way);
      await typePerson(page, citizen(202));
      await expect(page.getByText(text('add.n_recognised', { count: 2 }), { exact: true })).toBeVisible();
      await expect(page.getByRole('main').getByText(text('add.n_recognised', { count: 1 }), { exact: true })).toHaveCount(0);
      const button = page.getByRole('button', { name: text('add.button_add', { count: 2 }) });
      await expect(button).not.toHaveAttribute('aria-disabled', 'true');
      await translate(page, way);
      await page.locator('.compose-foot .btn-primary').click();
      const results = page.getByRole('heading', { level: 2 }).filter({ hasText: text('results.n_added', { count: 2 }) });
      await expect(results).toBeVisible();
      await expect(chips(page).getByRole('button')).toHaveCount(0);
    });

    test('stages scopes and takes them back', async ({ page }) => {
      await addSamples(page);
      await page.goto('/c/superhero-fans/groups/book-circle');
      const free = page.getByRole('radio', { name: new RegExp(`${scopeCell('', 'moderator')}$`), checked: false });
      await expect(free.first()).toBeVisible();
      const cells = await free.elementHandles();
      for (const count of [1, 2, 3]) {
        await translate(page, way);
        await cells[count].click();
        await expect(page.locator('.staged-bar')).toContainText(text('scopes.n_staged', { count }));
      }
    });
  });
}

/** Types a person into the box, whatever its label is in the current language. */
async function typePerson(page: Page, id: string) {
  await page.locator('.chip-entry').fill(id);
  await page.locator('.chip-entry').press('Enter');
}

/** Imitates translation tools: replaces texts by elements with other texts, or wraps them in elements. */
async function translate(page: Page, way: 'replaced' | 'wrapped') {
  await page.evaluate(way => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push(node as Text);
    for (const text of texts) {
      const parent = text.parentElement;
      if (!text.data.trim() || !parent || parent.closest('[translate=no], textarea, script, style, svg, option')) continue;
      const font = document.createElement('font');
      text.replaceWith(font);
      if (way === 'wrapped') font.append(text);
      else font.append(Object.assign(document.createElement('font'), { textContent: `⟪${text.data}⟫` }));
    }
  }, way);
}

/** A group at CometChat as any client sees it, after an optional change. */
async function groupAt(request: APIRequestContext, guid: string, change?: object) {
  const headers = { apikey: `reader-${guid}` };
  const at = `${BASES.CometChat}/groups/${guid}`;
  const response = change ? await request.put(at, { headers, data: change }) : await request.get(at, { headers });
  expect(response.ok(), await response.text()).toBe(true);
  return (await response.json()).data;
}
