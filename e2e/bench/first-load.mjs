// Measures the time until the console can be used, with a slow phone's CPU and network: a first visit, every page by
// link with an empty cache on a device that has connections, and the same pages a second time. Prints medians.
//
// MUSTER_RIVALS may name folders with other consoles' builds, as JSON: [{ "name": "…", "folder": "…" }]. Their first
// field or button is measured in the same run.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { launch, SAMPLES, url, withSamples } from './browser.mjs';

const VISITS = Number(process.env.MUSTER_VISITS ?? 5);
const CPU_SLOWDOWN = 4;
const NETWORK = {
  offline: false,
  latency: 150, // milliseconds, round trip
  downloadThroughput: 1_600_000 / 8, // bytes a second
  uploadThroughput: 750_000 / 8,
};
const CONNECTION = 'superhero-fans';
const PAGES = [
  '/',
  '/connections',
  '/connections/new',
  `/c/${CONNECTION}/members`,
  `/c/${CONNECTION}/members/add`,
  `/c/${CONNECTION}/moderators`,
  '/c/founders-guild/invites',
  `/c/${CONNECTION}/groups`,
  `/c/${CONNECTION}/groups/superhero-fans`,
  '/activity',
  '/runs',
  '/runs/open',
  '/settings',
  '/sandbox',
];

const browser = await launch();

/** Runs in the page, on each frame, to exclude round trips to this program. */
function watch(mode) {
  const isUsable = (control) =>
    control?.checkVisibility() && !control.disabled && control.ariaDisabled !== 'true';
  const found = {
    // A first visit: the button that adds the samples.
    named: (name) => [...document.querySelectorAll('button, a[href]')].some(
      (control) => control.textContent.trim() === name && isUsable(control)),
    // A page: its heading, and nothing in it that is still being loaded.
    page: () => {
      const main = document.querySelector('main');
      return main?.querySelector('h1')?.checkVisibility()
        && !main.querySelector('.skeleton, [aria-busy="true"]')
        && [...main.querySelectorAll('a[href], button, input, [role="grid"]')].some(isUsable);
    },
    // Another console: its first field.
    field: () => isUsable(document.querySelector('input:not([type="hidden"])')),
  }[mode.kind];
  let long = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) long = Math.max(long, duration);
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    if (found(mode.name)) globalThis.usable = { at: performance.now(), long: () => long };
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function slowed(context, mode) {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', NETWORK);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  const sum = { bytes: 0, requests: 0 };
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    sum.bytes += encodedDataLength;
    sum.requests += 1;
  });
  await page.addInitScript(watch, mode);
  return { page, sum };
}

/** One visit in a context: when it could be used, what was transferred until then, and the longest task. */
async function visit(context, address, mode) {
  const { page, sum } = await slowed(context, mode);
  await page.goto(address, { waitUntil: 'commit' });
  await page.waitForFunction(() => globalThis.usable, null, { timeout: 120_000 });
  const { at, long } = await page.evaluate(() => ({ at: usable.at, long: usable.long() }));
  const seen = { at, long, ...sum };
  return { page, seen };
}

const newContext = (storageState) => browser.newContext({ viewport: { width: 360, height: 740 }, storageState });

/** Cold visits, each in its own context, and a second visit after each. */
async function measured(address, mode, storageState) {
  const cold = [];
  const warm = [];
  for (let n = 0; n < VISITS; n += 1) {
    const context = await newContext(storageState);
    const first = await visit(context, address, mode);
    cold.push(first.seen);
    // What is fetched ahead belongs to the first visit.
    await first.page.waitForLoadState('networkidle');
    await first.page.close();
    warm.push((await visit(context, address, mode)).seen);
    await context.close();
  }
  const median = (visits) => visits.sort((a, b) => a.at - b.at)[Math.floor(VISITS / 2)];
  return { cold: median(cold), warm: median(warm) };
}

const TYPES = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm',
  '.json': 'application/json', '.svg': 'image/svg+xml', '.woff2': 'font/woff2',
};

/** Serves a folder as a host with brotli would. */
async function served(folder) {
  const packed = new Map();
  const answer = async (name) => {
    if (!packed.has(name)) {
      const bytes = await readFile(join(folder, normalize(name)));
      packed.set(name, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    }
    return packed.get(name);
  };
  const server = createServer(async (request, response) => {
    let { pathname } = new URL(request.url, 'http://localhost');
    if (pathname.endsWith('/')) pathname += 'index.html';
    try {
      const body = await answer(pathname);
      const isNamed = !pathname.endsWith('.html');
      response.writeHead(200, {
        'content-type': TYPES[extname(pathname)] ?? 'application/octet-stream',
        'content-encoding': 'br',
        'cache-control': isNamed ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { address: `http://127.0.0.1:${server.address().port}/`, server };
}

const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`.padStart(8);
function row(name, { cold, warm }) {
  const kilobytes = `${(cold.bytes / 1000).toFixed(0)} KB`.padStart(8);
  const long = `${Math.round(Math.max(cold.long, warm.long))} ms`.padStart(8);
  console.log(`${name.padEnd(44)}${kilobytes}${String(cold.requests).padStart(10)}${seconds(cold.at)}${seconds(warm.at)}${long}`);
}

try {
  console.log(`${VISITS} visits each, ${CPU_SLOWDOWN}x slower processor, 1.6 Mbit/s, 150 ms round trip; medians`);
  console.log(`${''.padEnd(44)}${'cold'.padStart(8)}${'requests'.padStart(10)}${'usable'.padStart(8)}${'again'.padStart(8)}${'longest'.padStart(8)}`);
  for (const { name, folder } of JSON.parse(process.env.MUSTER_RIVALS ?? '[]')) {
    const { address, server } = await served(folder);
    row(name, await measured(address, { kind: 'field' }));
    server.close();
  }
  row('first visit', await measured(url, { kind: 'named', name: SAMPLES }));
  const device = await withSamples(await newContext(undefined));
  for (const path of PAGES) row(path, await measured(url + path, { kind: 'page' }, device));
} finally {
  await browser.close();
}
