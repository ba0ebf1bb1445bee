// Importing a file of people: from the file through its columns and problems to the preview and the run.
import { readFile, truncate, writeFile } from 'node:fs/promises';
import type { Locator, Worker } from '@playwright/test';
import { violations } from './support/axe';
import { peopleBox, send, sendButton } from './support/compose';
import { connect, go, rail, section } from './support/connect';
import { wider } from './support/looks';
import { bannedFrom, citizens, makeGroup, scopesOf } from './support/sandbox';
import { expect, test, type Page } from './support/test';
import { literally, text } from './support/text';
import { workbook } from './support/workbook';

/** A step of the page, by its number and title. */
function step(page: Page, n: number, title: string) {
  return page.getByRole('region', { name: text('import.step', { n: String(n), title: text(`import.step_${title}`) }) });
}

/** Chooses a file with this content on the page. */
async function choose(page: Page, path: string, content: string | Buffer) {
  await writeFile(path, content);
  await page.getByLabel(text('import.file'), { exact: true }).setInputFiles(path);
}

/** The label of the field for what a word of a column means. */
function meaningLabel(word: string, kind: string, count: number) {
  return text('import.word', { word, kind: text(`import.kind_${kind}`), rows: text('import.n_rows', { count }) });
}

/** The field for what a word of a column means. */
function meaning(page: Page, word: string, kind: string, count: number) {
  return page.getByLabel(meaningLabel(word, kind, count));
}

/** The notice that says why a file was refused. */
function refusal(page: Page, reason: string) {
  return page.getByRole('alert').filter({ hasText: text(`import.failed_${reason}`) });
}

/** The button that leads to the preview. */
function toPreview(page: Page, count: number) {
  return page.getByRole('button', { name: text('import.preview', { count }), exact: true });
}

/** The same where a person may be in several rows. */
function rowsToPreview(page: Page, count: number) {
  return page.getByRole('button', { name: text('import.preview_rows', { count }), exact: true });
}

/** The workers of the page that have a file to import, or wait for one. */
function importers(page: Page) {
  return page.workers().filter(worker => worker.url().includes('import-worker'));
}

/** Returns a function that says whether a worker has ended. */
function over(worker: Worker) {
  let isOver = false;
  worker.on('close', () => (isOver = true));
  return () => isOver;
}

/** Opens the import from the form for adding people. */
async function openImport(page: Page) {
  await section(page, 'add');
  await page.getByRole('link', { name: text('import.button') }).click();
  await expect(page).toHaveURL(/\/import\?/);
}

/** Presses buttons and enters texts, the one right after the other: before anything of it is answered. */
async function atOnce(page: Page, ...acts: (Locator | [Locator, string])[]) {
  const found = await Promise.all(acts.map(async act => {
    const [control, value] = Array.isArray(act) ? act : [act, null];
    return { control: (await control.elementHandle())!, value };
  }));
  await page.evaluate(acts => {
    for (const { control, value } of acts) {
      if (value === null) {
        (control as HTMLElement).click();
      } else {
        (control as HTMLInputElement | HTMLSelectElement).value = value;
        for (const name of ['input', 'change']) control.dispatchEvent(new Event(name, { bubbles: true }));
      }
    }
  }, found);
}

/** Chooses the group for everyone whose row names none. */
async function groupForAll(page: Page, guid: string) {
  const field = step(page, 5, 'plan').getByRole('combobox', { name: text('groups.pick_group') });
  await field.fill(guid);
  await field.press('Tab');
}

test('400 mixed rows are mapped, mended, previewed and sent, and the mended rest is imported again', async ({ page, key, mark, request }, info) => {
  test.slow();
  await makeGroup(request, mark, { participants: ['citizen-00001'], moderators: ['citizen-00002'] });
  await connect(page, 'CometChat', { key });
  await openImport(page);

  const people = citizens(390);
  const rows = people.map((uid, idx) => {
    const role = idx < 2 ? '' : idx < 10 ? 'Moderator' : idx < 14 ? 'Blocked' : idx < 20 ? 'Gast' : '';
    return `"Person ${idx}; Test";${uid};${role}`;
  });
  // Seven invalid, two twice, one contradicting itself.
  const invalid = Array.from({ length: 5 }, (_, idx) => `Nobody ${idx};not an id ${idx}!;`);
  const extra = ['Nameless;;', 'Dash;-;', `Again;${people[30]};`, `Again;${people[31]};`, `Again;${people[4]};admin`];
  const lines = ['Name;User ID;Role', ...rows, ...invalid, ...extra];
  await choose(page, info.outputPath('conference.csv'), `${lines.join('\r\n')}\r\n`);

  await expect(step(page, 1, 'source')).toContainText(text('import.separator_semicolon'));
  await expect(step(page, 2, 'columns')).toContainText(text('import.columns_used', { n: '3', all: '3' }));
  // 10 rows have words that are no scope, 7 have no valid id, 1 contradicts.
  const problems = step(page, 4, 'problems');
  await expect(problems.getByRole('heading', { name: text('import.problem_unknown_word', { count: 10 }) })).toBeVisible();
  await expect(problems.getByRole('heading', { name: text('import.problem_bad_id', { count: 5 }) })).toBeVisible();
  await expect(problems.getByRole('heading', { name: text('import.problem_key_missing', { count: 2 }) })).toBeVisible();
  await expect(problems.getByRole('heading', { name: text('import.problem_contradiction', { count: 1 }) })).toBeVisible();
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 380 }));

  // Asked once for each word.
  const word = (name: string, rows: number) => meaning(page, name, 'scope', rows);
  await word('Blocked', 4).selectOption('banned');
  await word('Gast', 6).selectOption('participant');
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 390 }));

  // Nothing goes on while a row contradicts another.
  await groupForAll(page, mark);
  await expect(toPreview(page, 390)).toHaveAccessibleDescription(text('import.contradictions_first'));
  const contradiction = problems.getByRole('listitem').filter({ has: page.getByRole('heading', { name: text('import.problem_contradiction', { count: 1 }) }) });
  await expect(contradiction).toContainText('6');
  await contradiction.getByRole('button', { name: text('import.leave_out'), exact: true }).first().click();
  await expect(problems.getByRole('heading', { name: text('import.problem_contradiction', { count: 1 }) })).toHaveCount(0);

  // One is mended in place.
  const line = problems.getByLabel(text('import.cell', { line: '392', column: 'User ID' }));
  await line.fill('citizen-00400');
  await line.locator('xpath=ancestor::li[1]').getByRole('button', { name: text('import.save'), exact: true }).click();
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 391 }));

  const started = page.waitForEvent('download');
  await problems.getByRole('button', { name: text('import.download_problems') }).click();
  const rest = await readFile((await (await started).path())!, 'utf8');
  expect(rest.split('\r\n')[0]).toContain(`Name,User ID,Role,${text('import.reason')}`);
  expect(rest.trim().split('\r\n')).toHaveLength(7);

  await toPreview(page, 391).click();
  await expect(page).toHaveURL(/\/import\/preview$/);
  // One is a participant already and one a moderator, whom the file says nothing about.
  await expect(page.getByText(text('plan.same_already', { count: 1 }))).toBeVisible();
  await expect(page.getByText(text('import.rows_stay', { count: 7 }))).toBeVisible();
  await send(page);
  await expect(page).toHaveURL(/\/runs\/p\w/);
  await expect.poll(async () => Object.keys(await scopesOf(request, mark)).length).toBe(391 - 4);
  // Those who were already so are in the receipt, and nobody was refused.
  const outcomes = page.getByRole('list', { name: text('ui.tally_label') });
  await expect(outcomes).toContainText(text('ui.tally_same', { count: 1 }));
  await expect(outcomes).not.toContainText(literally(text('ui.tally_refused', { count: 1 })));
  const scopes = await scopesOf(request, mark);
  expect(scopes['citizen-00005']).toBe('moderator');
  expect(scopes['citizen-00400']).toBe('participant');
  expect((await bannedFrom(request, mark)).sort()).toEqual(people.slice(10, 14));

  // The mended rest adds only those who were missing.
  await page.getByRole('navigation', { name: text('shell.sections') }).first().getByRole('link', { name: 'My CometChat' }).first().click();
  await openImport(page);
  let n = 500;
  const mended = rest.replaceAll(/not an id \d!/g, () => `citizen-00${(n += 1)}`).replaceAll(/(Nameless|Dash),'?-?,/g, (_, name) => `${name},citizen-00${(n += 1)},`);
  await choose(page, info.outputPath('problems.csv'), mended);
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 6 }));
  await expect(step(page, 4, 'problems')).toContainText(text('import.no_problems'));
  await groupForAll(page, mark);
  await toPreview(page, 6).click();
  // The group is past 300 members, which has to be confirmed.
  await send(page);
  await expect(page).toHaveURL(/\/runs\/p\w/);
  await expect.poll(async () => Object.keys(await scopesOf(request, mark)).length).toBe(391 - 4 + 6);
});

test('one file goes to several groups, and what was chosen is remembered for the next', async ({ page, key, mark, request }, info) => {
  const [books, films] = [`${mark}-b`, `${mark}-f`];
  await makeGroup(request, books);
  await makeGroup(request, films);
  await connect(page, 'CometChat', { key });
  await openImport(page);
  const list = (first: number) =>
    `uid\tgroup\tlevel\nfan-${first}\t${books}\tboss\nfan-${first}\tGroup ${films}\tguest\nfan-${first + 1}\tCinema\tguest\n`;
  await choose(page, info.outputPath('two.tsv'), list(101));
  // Groups are found by id and by name; the third is asked about.
  const cinema = page.getByRole('group', { name: meaningLabel('Cinema', 'group', 1) }).getByRole('combobox');
  await cinema.fill(films);
  await cinema.press('Tab');
  await expect(step(page, 3, 'people')).toContainText(text('import.n_rows', { count: 3 }));
  // A heading that is not known is mapped by hand.
  const level = page.getByLabel(text('import.column_holds_of', { column: 'level' }));
  await level.selectOption('scope');
  const word = (name: string, rows: number) => meaning(page, name, 'scope', rows);
  await word('boss', 1).selectOption('moderator');
  await word('guest', 2).selectOption('participant');
  await expect(step(page, 3, 'people')).toContainText(text('import.n_rows', { count: 3 }));
  const forAll = step(page, 5, 'plan').getByRole('radio', { name: text('common.scope_admin'), exact: true });
  await forAll.check();
  await rowsToPreview(page, 3).click();
  await expect(sendButton(page)).not.toHaveAttribute('aria-disabled', 'true');

  // The way back leads to the file as it was left, with what holds for everyone.
  await page.getByRole('link', { name: text('import.back') }).click();
  await expect(level).toHaveValue('scope');
  await expect(forAll).toBeChecked();
  await rowsToPreview(page, 3).click();
  await expect(sendButton(page)).not.toHaveAttribute('aria-disabled', 'true');
  await sendButton(page).click();
  await expect(page).toHaveURL(/\/runs\/p\w/);
  await expect.poll(() => scopesOf(request, books)).toEqual({ 'fan-101': 'moderator' });
  await expect.poll(() => scopesOf(request, films)).toEqual({ 'fan-101': 'participant', 'fan-102': 'participant' });

  // What was sent is not prepared any more.
  await page.goBack();
  await expect(page.getByText(text('import.gone'))).toBeVisible();
  await page.getByRole('link', { name: text('import.title') }).last().click();
  await choose(page, info.outputPath('again.tsv'), list(111));
  await expect(level).toHaveValue('scope');
  await expect(word('boss', 1)).toHaveValue('moderator');
  await expect(step(page, 3, 'people')).toContainText(text('import.n_rows', { count: 3 }));
});

test('the group that a word means is remembered for one connection, and its scope for all of the vendor', async ({ page, key, mark, request }, info) => {
  const [books, films] = [`${mark}-b`, `${mark}-f`];
  await makeGroup(request, books);
  await makeGroup(request, films);
  await connect(page, 'CometChat', { key: `first-${key}`, name: 'First' });
  await connect(page, 'CometChat', { key: `second-${key}`, name: 'Second' });
  await openImport(page);
  await choose(page, info.outputPath('people.csv'), 'uid,group,scope\nfan-1,Cinema,Boss\nfan-2,Cinema,\n');
  const connection = page.getByLabel(text('import.connection'), { exact: true });
  const cinema = page.getByRole('group', { name: meaningLabel('Cinema', 'group', 2) }).getByRole('combobox');
  const boss = meaning(page, 'Boss', 'scope', 1);
  const problems = step(page, 4, 'problems');
  const isGroup = async (guid: string) => {
    await cinema.fill(guid);
    await cinema.press('Tab');
    await expect(problems).toContainText(text('import.no_problems'));
  };
  await boss.selectOption('moderator');
  await isGroup(films);

  // The other connection may have no such group, or another one with this id.
  await connection.selectOption({ label: 'First' });
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill(`first-${key}`);
  await page.getByRole('button', { name: text('connections.use_key'), exact: true }).click();
  await expect(boss).toHaveValue('moderator');
  await expect(problems.getByRole('heading', { name: text('import.problem_unknown_word', { count: 2 }) })).toBeVisible();
  await expect(cinema).toHaveValue('');
  await isGroup(books);

  // What is chosen for one does not replace what was chosen for the other.
  await connection.selectOption({ label: 'Second' });
  await expect(cinema).toHaveValue(films);
  await expect(problems).toContainText(text('import.no_problems'));
  await connection.selectOption({ label: 'First' });
  await expect(cinema).toHaveValue(books);
  await expect(problems).toContainText(text('import.no_problems'));
});

test('columns that are chosen one right after the other all keep what was chosen', async ({ page, key }, info) => {
  await connect(page, 'CometChat', { key });
  await openImport(page);
  await choose(page, info.outputPath('two.csv'), 'uid,level,name\nfan-1,x,Mila\nfan-2,y,Noor\n');
  const column = (name: string) => page.getByLabel(text('import.column_holds_of', { column: name }));
  await expect(column('level')).toHaveValue('unused');
  await atOnce(page, [column('level'), 'first_name'], [column('name'), 'last_name']);
  await expect(step(page, 2, 'columns')).toContainText(text('import.columns_used', { n: '3', all: '3' }));
  await expect(column('level')).toHaveValue('first_name');
  await expect(column('name')).toHaveValue('last_name');
});

test('a country that is typed while another one is applied stays in its field', async ({ page, key }, info) => {
  await connect(page, 'Genuin', { key });
  await openImport(page);
  await choose(page, info.outputPath('phones.csv'), 'Name,Phone\nMila,07700 900142\nNoor,+44 7700 900143\n');
  const columns = step(page, 2, 'columns');
  const country = columns.getByLabel(text('add.country'));
  const apply = columns.getByRole('button', { name: text('import.apply'), exact: true });
  await expect(country).toBeVisible();
  await atOnce(page, [country, '44'], apply, [country, '49']);
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 2 }));
  await expect(country).toHaveValue('49');
});

test('what is entered for everyone while the preview is prepared holds in it, and a column that changes prevents it', async ({ page, key, mark, request }, info) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await openImport(page);
  await choose(page, info.outputPath('two.csv'), 'uid,level\nfan-003,x\nfan-004,y\n');
  await groupForAll(page, mark);
  await expect(toPreview(page, 2)).not.toHaveAttribute('aria-disabled', 'true');

  // The people are as before the change, so they are not handed over.
  const column = page.getByLabel(text('import.column_holds_of', { column: 'uid' }));
  await atOnce(page, toPreview(page, 2), [column, 'unused']);
  await expect(toPreview(page, 0)).toHaveAccessibleDescription(text('import.nobody_usable'));
  await column.selectOption('id');
  await expect(toPreview(page, 2)).not.toHaveAttribute('aria-disabled', 'true');

  const scope = (name: string) => step(page, 5, 'plan').getByRole('radio', { name: text(`common.scope_${name}`), exact: true });
  await atOnce(page, toPreview(page, 2), scope('moderator'));
  await expect(page).toHaveURL(/\/import\/preview$/);
  await page.getByRole('link', { name: text('import.back') }).click();
  await expect(scope('moderator')).toBeChecked();
  await toPreview(page, 2).click();
  await send(page);
  await expect(page).toHaveURL(/\/runs\/p\w/);
  await expect.poll(() => scopesOf(request, mark)).toEqual({ 'fan-003': 'moderator', 'fan-004': 'moderator' });
});

test('the worker of a file ends when another one is chosen, and when the page is left', async ({ page, key }, info) => {
  await connect(page, 'CometChat', { key });
  await openImport(page);
  await choose(page, info.outputPath('two.csv'), 'uid\nfan-1\nfan-2\n');
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 2 }));
  // The worker that waited for a file has it.
  expect(importers(page)).toHaveLength(1);
  const isOver = over(importers(page)[0]);
  await page.getByRole('button', { name: text('import.other_file') }).click();
  await choose(page, info.outputPath('three.csv'), 'uid\nfan-1\nfan-2\nfan-3\n');
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 3 }));
  await expect.poll(isOver).toBe(true);
  expect(importers(page)).toHaveLength(1);
  await go(page, 'activity');
  await expect.poll(() => importers(page).length).toBe(0);

  // So does one that still waits for a file.
  await rail(page).getByRole('link', { name: 'My CometChat' }).click();
  await openImport(page);
  await expect.poll(() => importers(page).length).toBe(1);
  await go(page, 'activity');
  await expect.poll(() => importers(page).length).toBe(0);
});

test('the worker of a file stays for the way back from the preview, and ends when the preview is left', async ({ page, key, mark, request }, info) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await openImport(page);
  await choose(page, info.outputPath('two.csv'), 'uid\nfan-1\nfan-2\n');
  await groupForAll(page, mark);
  expect(importers(page)).toHaveLength(1);
  const isOver = over(importers(page)[0]);
  await toPreview(page, 2).click();
  await expect(sendButton(page)).toBeVisible();
  await page.getByRole('link', { name: text('import.back') }).click();
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 2 }));
  await toPreview(page, 2).click();
  await expect(sendButton(page)).toBeVisible();
  expect(isOver()).toBe(false);
  await go(page, 'activity');
  await expect.poll(() => importers(page).length).toBe(0);
});

test('files that are no lists are refused with the reason, and the page goes on', async ({ page, key }, info) => {
  await connect(page, 'CometChat', { key });
  await openImport(page);
  const said = (name: string) => refusal(page, name);
  await choose(page, info.outputPath('empty.csv'), '\r\n \r\n');
  await expect(said('empty')).toBeVisible();
  await choose(page, info.outputPath('picture.csv'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]));
  await expect(said('no_text')).toBeVisible();
  await choose(page, info.outputPath('wide.csv'), `${'Question?,'.repeat(10_000)}\n${'I agree!,'.repeat(10_000)}\n`);
  await expect(said('columns')).toBeVisible();
  const large = info.outputPath('large.csv');
  await writeFile(large, 'uid\n');
  await truncate(large, 1_000_000_000);
  await page.getByLabel(text('import.file'), { exact: true }).setInputFiles(large);
  await expect(said('large')).toBeVisible();

  const people = info.outputPath('people.csv');
  await choose(page, people, 'uid,name\nfan-1,"Mila\nfan-2,\u202eooN\nfаn-3,=HYPERLINK("http://x")\n');
  // The mark that is never closed concerns its own line only.
  await expect(page.getByRole('heading', { name: text('import.problem_quote_open', { count: 1 }) })).toBeVisible();
  await expect(page.getByLabel(text('import.cell', { line: '2', column: 'name' }))).toBeVisible();
});

test('a workbook is read sheet by sheet, and phones keep their digits', async ({ page, key }, info) => {
  await connect(page, 'Genuin', { key });
  await openImport(page);
  const sheets = {
    Cover: [],
    '.prices': [['Secret']],
    Guests: [['Name', 'Phone', 'Table'], ['Mila', 447700900142, 1], ['Noor', '+44 7700 900143', 2], ['Ole', '07700 900144', 3]],
  };
  await choose(page, info.outputPath('guests.xlsx'), workbook(sheets));
  // A first sheet without people does not end it.
  await expect(refusal(page, 'empty')).toBeVisible();
  await expect(page.getByText(text('import.hidden_sheets', { count: 1 }))).toBeVisible();
  await page.getByLabel(text('import.sheet'), { exact: true }).selectOption('Guests');
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 2 }));
  const rows = page.getByRole('table', { name: text('import.step_people') });
  await expect(rows.getByRole('row').nth(1)).toContainText('447700900142');
  // A national number asks for its country once.
  await expect(page.getByRole('heading', { name: text('import.problem_country_missing', { count: 1 }) })).toBeVisible();
  const country = step(page, 2, 'columns').getByLabel(text('add.country'));
  const apply = step(page, 2, 'columns').getByRole('button', { name: text('import.apply'), exact: true });
  await country.fill('Norway');
  await apply.click();
  await expect(country).toHaveAccessibleDescription(literally(text('add.country_bad')));
  await country.fill('+44');
  await apply.click();
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 3 }));
  // It can be changed afterwards.
  await expect(country).toHaveValue('+44');
  await country.fill('');
  await apply.click();
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 2 }));

  await page.getByRole('button', { name: text('import.other_file') }).click();
  const said = (name: string) => refusal(page, name);
  await choose(page, info.outputPath('macros.xlsx'), workbook(sheets, { 'xl/vbaProject.bin': 'macros' }));
  await expect(said('macros')).toBeVisible();
  await choose(page, info.outputPath('old.xlsx'), Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...Array.from({ length: 600 }, () => 0)]));
  await expect(said('format')).toBeVisible();
  await choose(page, info.outputPath('damaged.xlsx'), workbook(sheets).subarray(0, 700));
  await expect(said('workbook')).toBeVisible();
});

test('a group that is no community of Genuin is refused beside its field, and drops nobody', async ({ page, key }, info) => {
  await connect(page, 'Genuin', { key });
  await openImport(page);
  await choose(page, info.outputPath('fans.csv'), 'phone,community,name\n+447700900142,Fans,Mila\n+447700900143,,Noor\n');
  const fans = page.getByRole('group', { name: meaningLabel('Fans', 'group', 1) }).getByRole('combobox');
  await fans.fill('loop-studio');
  await fans.press('Tab');
  await expect(page.getByText(text('add.bad_community'))).toBeVisible();
  await expect(step(page, 3, 'people')).toContainText(text('import.n_rows', { count: 1 }));
  await fans.fill('10000000-0000-4000-8000-000000000001');
  await fans.press('Tab');
  await expect(step(page, 3, 'people')).toContainText(text('import.n_rows', { count: 2 }));
});

test('a file that changes after it was chosen is not read as what it was', async ({ page, key, quiet }, info) => {
  quiet.about(/ERR_UPLOAD_FILE_CHANGED|NotReadableError/);
  await connect(page, 'CometChat', { key, name: 'First' });
  await connect(page, 'Networked', { key, name: 'Second' });
  await openImport(page);
  const file = info.outputPath('people.csv');
  await choose(page, file, 'email,name\nmila@x.example,Mila\n');
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 1 }));
  await writeFile(file, 'email,name\nnoor@x.example,Noor\nole@x.example,Ole\n');
  // Another connection has other keys, so the file is read again.
  await page.getByLabel(text('import.connection'), { exact: true }).selectOption({ label: 'First' });
  await page.getByLabel(text('connections.api_key'), { exact: true }).fill(key);
  await page.getByRole('button', { name: text('connections.use_key'), exact: true }).click();
  await expect(refusal(page, 'unreadable')).toBeVisible();
});

test('a file dropped on any page is opened, by what it holds', async ({ page, key }) => {
  await connect(page, 'CometChat', { key });
  await expect(page.getByRole('grid').first()).toBeVisible();
  const drop = async (name: string, content: string) => {
    await page.evaluate(([name, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content ?? ''], name ?? '', { type: 'text/csv' }));
      document.querySelector('main')?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    }, [name, content]);
  };
  // The code that opens dropped files is fetched once the browser is idle; then the page accepts them.
  const accepts = () => page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([''], 'list.csv'));
    const over = new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true });
    return document.querySelector('main')?.dispatchEvent(over) === false;
  });
  await expect.poll(accepts).toBe(true);
  await drop('list.csv', 'uid,scope\nfan-1,moderator\nfan-2,Boss\n');
  await expect(page).toHaveURL(/\/import$/);
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 1 }));
  await drop('results.csv', 'vendor,connection,by,person,name,operation\n');
  await expect(page).toHaveURL(/\/runs\/open$/);
});

test('a pasted mail is imported, and what it leaves open is asked', async ({ page, key }) => {
  await connect(page, 'Networked', { key });
  await section(page, 'invites');
  await page.getByRole('link', { name: text('import.button') }).click();
  await expect(page.getByLabel(text('import.action'), { exact: true })).toHaveValue('invite');
  const paste = async (list: string) => {
    await page.getByText(text('import.paste'), { exact: true }).click();
    await page.getByLabel(text('import.paste_label'), { exact: true }).fill(list);
    await page.getByRole('button', { name: text('import.read'), exact: true }).click();
  };
  await paste('To: Mila Rossi <mila@x.example>, "Berg, Noor" <noor@x.example>; Ole Lund <ole@x.example>');
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 3 }));
  await expect(page.getByRole('table', { name: text('import.step_people') })).toContainText('Berg, Noor');
  await page.getByRole('button', { name: text('import.other_file') }).click();
  await paste('Email\tFirst name\tLast name\tRole\nmila@x.example\tMila\tRossi\tCoach\n');
  await expect(page.getByRole('heading', { name: text('import.problem_unknown_word', { count: 1 }) })).toBeVisible();
  await meaning(page, 'Coach', 'role', 1).selectOption({ index: 1 });
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 1 }));
});

test('the whole way by keyboard, and no barriers on it', async ({ page, key, mark, request }, info) => {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await openImport(page);
  await choose(page, info.outputPath('keys.csv'), 'uid,scope\ncitizen-00401,moderator\ncitizen-00402,Boss\nbad id!,\nalso bad!,\n');
  await expect(page.getByRole('heading', { name: text('import.problem_bad_id', { count: 2 }) })).toBeVisible();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    expect(await violations(page), scheme).toEqual([]);
  }
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await wider(page)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 900 });

  const focused = (name: RegExp) => page.evaluate(source => new RegExp(source).test(document.activeElement?.textContent ?? ''), name.source);
  const tabTo = async (is: () => Promise<boolean>) => {
    for (let presses = 0; presses < 80; presses += 1) {
      if (await is()) return;
      await page.keyboard.press('Tab');
    }
    throw new Error('not reached by Tab');
  };
  const boss = meaning(page, 'Boss', 'scope', 1);
  await tabTo(() => boss.evaluate(element => element === document.activeElement));
  await page.keyboard.type('Adm');
  await expect(boss).toHaveValue('admin');
  const cell = page.getByLabel(text('import.cell', { line: '4', column: 'uid' }));
  await tabTo(() => cell.evaluate(element => element === document.activeElement));
  await page.keyboard.press('Control+A');
  await page.keyboard.type('citizen-00403');
  await tabTo(() => focused(literally(text('import.save'))));
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(text('import.cell', { line: '5', column: 'uid' }))).toBeFocused();
  await tabTo(() => focused(literally(text('import.leave_out'))));
  await page.keyboard.press('Enter');
  await expect(step(page, 3, 'people')).toContainText(text('import.n_people', { count: 3 }));
  // The focus is not lost with the row that it was in.
  await expect(step(page, 4, 'problems').getByRole('heading', { level: 2 })).toBeFocused();
  const group = step(page, 5, 'plan').getByRole('combobox', { name: text('groups.pick_group') });
  await tabTo(() => group.evaluate(element => element === document.activeElement));
  await page.keyboard.type(mark);
  await page.keyboard.press('Tab');
  await expect(toPreview(page, 3)).not.toHaveAttribute('aria-disabled', 'true');
  await tabTo(() => toPreview(page, 3).evaluate(element => element === document.activeElement));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/import\/preview$/);
  const button = sendButton(page);
  await expect(button).not.toHaveAttribute('aria-disabled', 'true');
  await tabTo(() => button.evaluate(element => element === document.activeElement));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/runs\/p\w/);
  await expect.poll(() => scopesOf(request, mark)).toEqual({ 'citizen-00401': 'moderator', 'citizen-00402': 'admin', 'citizen-00403': 'participant' });
  await expect(peopleBox(page)).toHaveCount(0);
});
