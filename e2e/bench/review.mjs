// Measures how fast a slow phone opens a request of 10,000 changes: reading, verifying, and showing who asks for what;
// and how fast the ledger of a colleague with 100,000 entries is read and verified, which a worker does.
//
// The request is made in the console, made longer here, and signed by another implementation, which makes the ledger.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { launch, lookEachFrame, median, texts, url, withSamples } from './browser.mjs';

const N_CHANGES = Number(process.env.MUSTER_CHANGES ?? 10_000);
const TURNS = Number(process.env.MUSTER_TURNS ?? 5);
/** How much slower than here the processor of a phone is. */
const SLOWER = Number(process.env.MUSTER_SLOWER ?? 4);

const N_ENTRIES = Number(process.env.MUSTER_ENTRIES ?? 100_000);

const REVIEW = texts.review;
const LEDGER = texts.ledger;

/** JSON in the form of RFC 8785, for texts without characters that it writes in another way. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(',')}}`;
}

/** A file with one change, as the console makes it. */
async function small(browser, state) {
  const context = await browser.newContext({ storageState: state, acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(`${url}/c/superhero-fans/members/add?group=book-circle`);
  const box = page.getByRole('textbox', { name: new RegExp(`^${texts.add.people}`) });
  await box.fill('fan-101');
  await box.press('Enter');
  await page.getByRole('button', { name: REVIEW.ask, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(REVIEW.name, { exact: true }).fill('Ana');
  await dialog.getByRole('button', { name: REVIEW.make, exact: true }).click();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: REVIEW.save_file, exact: true }).click();
  const file = JSON.parse(await readFile(await (await saving).path(), 'utf8'));
  await context.close();
  return file;
}

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

/** Signs documents with a new key. */
function signer() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  return {
    fingerprint: digest('Muster key', 'ed25519', Buffer.from(x, 'base64url')),
    document(muster, format, body) {
      const content = { body, by: { key: { algorithm: 'ed25519', key: x }, name: 'Another program' }, format, muster };
      const hash = sha256(canonical(content));
      const message = `Muster signed document\n${muster}\n${format}\n${hash}\n`;
      return { ...content, hash, signature: sign(null, Buffer.from(message), privateKey).toString('base64url') };
    },
  };
}

/** The digest of parts, each with its length in front. */
function digest(...parts) {
  return sha256(...parts.map((part) => Buffer.from(part)).flatMap((part) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(part.length));
    return [length, part];
  }));
}

/** The same request for many people, signed by a key of this program. */
function longer(file) {
  const { body, muster, format } = file.request;
  const [[, , operation, before]] = body.changes;
  const changes = Array.from({ length: N_CHANGES }, (_, idx) => [{ by: 'id', key: `person-${idx}` }, `Person ${idx}`, operation, before]);
  return canonical({ ...file, request: signer().document(muster, format, { ...body, changes }) });
}

/** The ledger of someone who has changed many people, as the console would export it. */
function ledger() {
  const own = signer();
  const chain = sha256('a chain');
  let last = chain;
  const lines = [canonical({ format: 1, muster: 'activity', start: { chain, last, n_entries: 0 } })];
  for (let seq = 0; seq < N_ENTRIES; seq += 1) {
    const opened = { key: { by: 'id', key: `person-${seq}` }, message: null, name: `Person ${seq}`, salt: String(seq).padStart(32, '0') };
    const changed = {
      after: { scope: 'moderator' }, before: { scope: 'participant' }, code: null, decisions: [], group: 'book-circle',
      operation: 'set_scope', outcome: 'done', place: { id: '274b8c16', name: 'Book friends', vendor: 'cometchat' }, request: null,
      run: 'run-1', why: 'New moderators for the spring',
    };
    const entry = {
      at: 1_790_000_000_000 + seq, by: { key: own.fingerprint, name: 'Another program' }, event: { changed },
      person: digest('Muster person', canonical(opened)), previous: last, seq,
    };
    last = digest('Muster chain entry', canonical(entry));
    lines.push(canonical({ entry, hash: last, opened }));
  }
  const head = { chain, last, made_at: 1_800_000_000_000, n_entries: N_ENTRIES };
  lines.push(canonical(own.document('activity-head', 1, head)));
  return `${lines.join('\n')}\n`;
}

/** Times in milliseconds until the ledger of a colleague was read, and until it is shown once they are trusted. */
async function imported(browser, content) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(lookEachFrame);
  await page.goto(`${url}/activity`);
  await page.getByRole('button', { name: LEDGER.import, exact: true }).click();
  await page.getByRole('dialog').locator('input[type=file]').waitFor({ state: 'attached' });
  // A file of this size is written for the browser before the clock starts.
  await page.evaluate((content) => { window.file = new File([content], 'theirs.jsonl'); }, content);
  const times = await page.evaluate(async (name) => {
    const dialog = document.querySelector('dialog[open]');
    const trust = () => [...dialog.querySelectorAll('button')].find((button) => button.textContent.trim() === name);
    const data = new DataTransfer();
    data.items.add(window.file);
    const input = dialog.querySelector('input[type=file]');
    const start = performance.now();
    input.files = data.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    await globalThis.painted(trust);
    const read = performance.now();
    trust().click();
    await globalThis.painted(() => !dialog.open);
    return [read - start, performance.now() - read];
  }, LEDGER.trust);
  await context.close();
  return times;
}

const browser = await launch();
const state = await withSamples(await browser.newContext());
const text = longer(await small(browser, state));
console.log(`a request of ${N_CHANGES} changes: ${(text.length / 1e6).toFixed(1)} MB`);
const times = [];
for (let turn = 0; turn < TURNS; turn += 1) {
  const context = await browser.newContext({ storageState: state });
  const page = await context.newPage();
  await page.addInitScript(lookEachFrame);
  await page.goto(`${url}/review`);
  await page.getByRole('button', { name: REVIEW.open, exact: true }).waitFor();
  await page.waitForLoadState('networkidle');
  const client = await context.newCDPSession(page);
  await client.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  // Until who asks is in the document and painted.
  const took = await page.evaluate(async (text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'a.muster.json', { type: 'application/json' }));
    const start = performance.now();
    document.querySelector('.dropzone').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    await globalThis.painted(() => document.querySelector('.fingerprint-words'));
    return performance.now() - start;
  }, text);
  times.push(took);
  await context.close();
}
console.log(`opened at / ${SLOWER}: median ${Math.round(median(times))} ms, slowest ${Math.round(Math.max(...times))} ms of ${TURNS}`);
const content = ledger();
const imports = [];
for (let turn = 0; turn < 3; turn += 1) imports.push(await imported(browser, content));
const [read, shown] = [0, 1].map((part) => Math.round(median(imports.map((parts) => parts[part]))));
console.log(`a ledger of ${N_ENTRIES} entries, ${(content.length / 1e6).toFixed(0)} MB: read in ${read} ms, verified and shown in ${shown} ms`);
await browser.close();
