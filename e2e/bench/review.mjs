// Measures how fast a slow phone opens a request of 10,000 changes: reading, verifying, and showing who asks for what.
//
// The request is made in the console, made longer here, and signed by another implementation.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { launch, median, texts, url, withSamples } from './browser.mjs';

const N_CHANGES = Number(process.env.MUSTER_CHANGES ?? 10_000);
const TURNS = Number(process.env.MUSTER_TURNS ?? 5);
/** How much slower than here the processor of a phone is. */
const SLOWER = Number(process.env.MUSTER_SLOWER ?? 4);

const REVIEW = texts.review;

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
  await page.goto(`${url}c/superhero-fans/members/add?group=book-circle`);
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

/** The same request for many people, signed by a key of this program. */
function longer(file) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x;
  const { body } = file.request;
  const [[, , operation, before]] = body.changes;
  const people = Array.from({ length: N_CHANGES }, (_, idx) => [{ by: 'id', key: `person-${idx}` }, `Person ${idx}`, operation, before]);
  const content = {
    body: { ...body, changes: people },
    by: { key: { algorithm: 'ed25519', key: raw }, name: 'Another program' },
    format: file.request.format,
    muster: file.request.muster,
  };
  const hash = createHash('sha256').update(canonical(content)).digest('hex');
  const message = `Muster signed document\n${content.muster}\n${content.format}\n${hash}\n`;
  const signature = sign(null, Buffer.from(message), privateKey).toString('base64url');
  return canonical({ ...file, request: { ...content, hash, signature } });
}

const browser = await launch();
const state = await withSamples(await browser.newContext());
const text = longer(await small(browser, state));
console.log(`a request of ${N_CHANGES} changes: ${(text.length / 1e6).toFixed(1)} MB`);
const times = [];
for (let turn = 0; turn < TURNS; turn += 1) {
  const context = await browser.newContext({ storageState: state });
  const page = await context.newPage();
  await page.goto(`${url}review`);
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
    while (!document.querySelector('.fingerprint-words')) await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve, 0));
    return performance.now() - start;
  }, text);
  times.push(took);
  await context.close();
}
console.log(`opened at / ${SLOWER}: median ${Math.round(median(times))} ms, slowest ${Math.round(Math.max(...times))} ms of ${TURNS}`);
await browser.close();
