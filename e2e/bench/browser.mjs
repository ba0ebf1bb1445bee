// What all benchmarks share: a browser, and a device with the sample connections.
import { once } from 'node:events';
import { createReadStream, readFileSync } from 'node:fs';
import { access, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from '@playwright/test';
import { options } from '../support/chromium.mjs';

/** The console's texts. */
export const texts = JSON.parse(readFileSync(new URL('../../locales/en.json', import.meta.url), 'utf8'));
/** The button of a first visit that adds the samples. */
export const SAMPLES = texts.overview.look_try;

export const url = process.env.MUSTER_URL;
if (!url) throw new Error('MUSTER_URL says where the site is; `cargo xtask bench` sets it');

/** Starts Chromium. */
export const launch = () => chromium.launch(options);

/** In a page: defines `painted`, which waits until something holds and the frame that shows it is painted. */
export function lookEachFrame() {
  // Once a frame, so that looking takes no time from what is waited for. Playwright looks only every 500 ms in the end.
  globalThis.painted = async (holds) => {
    do await new Promise(requestAnimationFrame); while (!holds());
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
}

/** What a device has stored that has the sample connections. */
export async function withSamples(context) {
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: SAMPLES }).click();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForLoadState('networkidle');
  const state = await context.storageState({ indexedDB: true });
  await context.close();
  return state;
}

/** The median of numbers. */
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The most memory of the process of a page since it was last asked, in bytes, and what it has now. */
export async function memory(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  const of = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) * 1_024;
  return { most: of('VmHWM'), now: of('VmRSS') };
}

/** The process that a page has. */
export async function processOf(browser, page) {
  const devtools = await browser.newBrowserCDPSession();
  const times = async () => {
    const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
    return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]));
  };
  const before = await times();
  await page.evaluate(() => {
    for (const end = performance.now() + 500; performance.now() < end; );
  });
  const after = await times();
  await devtools.detach();
  const busy = [...after].map(([id, time]) => [id, time - (before.get(id) ?? 0)]).sort((a, b) => b[1] - a[1]);
  return busy[0][0];
}

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
/** Serves the libraries of a folder, and a page for them. */
export async function served(folder, page) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    response.setHeader('content-type', TYPES[extname(pathname)] ?? 'text/html');
    if (pathname === '/') return void response.end(page);
    createReadStream(join(folder, 'node_modules', normalize(pathname)))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { address: `http://127.0.0.1:${server.address().port}/`, server };
}

export const isThere = (path) => access(path).then(() => true, () => false);
