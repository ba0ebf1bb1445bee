// User actions in the console, for any browser.
import { must } from '../support/sandbox';
import { text } from '../support/text';
import { PATIENCE, type Browser, type Wanted } from './driver';
import { expect } from './test';

const PEOPLE: Wanted = { role: 'field', name: text('add.people'), part: true };
/** The label of a send button, for any count. */
const SENDS = /^(Add|Invite|Ban|Make) (1|[\d,]+) (person|people)/;

/** Types the id of a group into its field. */
export async function pickGroup(browser: Browser, id: string) {
  await browser.fill({ role: 'combobox', name: text('groups.pick_group') }, id);
}

/** Types people into the box, one by one. */
export async function typePeople(browser: Browser, people: string[]) {
  await browser.enter(PEOPLE, people);
}

/** Confirms all warnings, once they are known, and sends. */
export async function sendIt(browser: Browser) {
  let name = '';
  const find = () => browser.run((pattern => {
    const shown = [...document.querySelectorAll('button')].filter(one => new RegExp(pattern).test(one.innerText.trim()));
    const whyOff = (one: Element) => document.getElementById(one.getAttribute('aria-describedby') ?? '')?.textContent?.trim() ?? '';
    return shown.map(one => [one.innerText.trim(), one.getAttribute('aria-disabled') ?? 'false', whyOff(one)]);
  }) as (pattern: string) => string[][], SENDS.source);
  await expect.poll(async () => (await find()).length, { message: 'a button that sends', timeout: PATIENCE }).toBe(1);
  // Until the group has been read and the code that checks changes has been fetched, warnings are missing.
  const isPlanned = async () => ['', text('plan.confirm_first')].includes((await find())[0]?.[2]);
  await expect.poll(isPlanned, { message: 'nothing but warnings to wait for', timeout: PATIENCE }).toBe(true);
  const asked: Wanted = { role: 'checkbox', name: text('plan.confirm'), part: true };
  const count = (await browser.all(asked)).length;
  for (let nth = 0; nth < count; nth += 1) await browser.click({ ...asked, nth });
  await expect.poll(async () => {
    const [found] = await find();
    name = found?.[0] ?? '';
    return found?.[1];
  }, { message: 'a button that can be pressed', timeout: PATIENCE }).toBe('false');
  await browser.click({ role: 'button', name });
}

/** Waits until a row of the results has an outcome. */
export async function expectRow(browser: Browser, person: string, verdict: 'done' | 'same' | 'refused' | 'unknown') {
  const words = text('results.verdict', { verdict: text(`results.${verdict}`) });
  await browser.says(words.trim(), { role: 'listitem', name: person, part: true });
}

/**
 * Adds a connection to the sandbox server; ends on its members. With a passphrase, the key is stored on the
 * device.
 */
export async function connect(browser: Browser, name: string, key: string, passphrase?: string) {
  await browser.goto(`${must('MUSTER_URL')}/connections/new`);
  await browser.type({ role: 'radio', name: 'CometChat', part: true }, ' ');
  await browser.click({ role: 'button', name: text('connections.use_sandbox'), part: true });
  const called: Wanted = { role: 'field', name: text('connections.name'), part: true };
  await browser.clear(called);
  await browser.fill(called, name);
  await browser.fill({ role: 'field', name: text('connections.api_key') }, key);
  if (passphrase) {
    await browser.type({ role: 'radio', name: text('keys.device'), part: true }, ' ');
    await browser.fill({ role: 'field', name: text('keys.passphrase_new') }, passphrase);
    await browser.fill({ role: 'field', name: text('keys.passphrase_again') }, passphrase);
  }
  await browser.click({ role: 'button', name: text('connections.add') });
  await browser.one({ role: 'heading', name: text('members.title') });
}



/** Opens a group through its list. */
export async function openGroup(browser: Browser, guid: string) {
  const rail: Wanted = { role: 'navigation', name: text('shell.sections') };
  await browser.click({ role: 'link', name: text('shell.section_groups'), within: rail });
  await browser.type({ role: 'searchbox', name: text('groups.search') }, guid);
  // A re-rendered row would lose the click, so wait until the list reflects the search.
  await expect.poll(async () => (await browser.url()).searchParams.get('q'), { timeout: PATIENCE }).toBe(guid);
  await browser.click({ role: 'link', within: { role: 'row', name: guid, part: true } });
  await expect.poll(async () => (await browser.url()).pathname, { timeout: PATIENCE }).toMatch(new RegExp(`/groups/${guid}$`));
}
