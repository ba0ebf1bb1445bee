// Lighthouse, in a browser whose storage a test has filled.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import lighthouse from 'lighthouse';
import { options } from './chromium.mjs';

const CATEGORIES = ['accessibility', 'best-practices'];

/** Audits without a score whose advice is not followed, with reasons. */
const INFORMATION: Record<string, string> = {
  'valid-source-maps': 'the Wasm is made of Rust: there is no source map that a browser would read',
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise(done => server.close(done));
  return port;
}

/** Lighthouse's complaints about a page; empty if both categories reach 100. */
type Audited = (path: string) => Promise<string[]>;

/** Starts a separate browser for Lighthouse, with a page to prepare its storage. */
export async function withLighthouse(use: (page: Page, audited: Audited) => Promise<void>) {
  const port = await freePort();
  const profile = await mkdtemp(join(tmpdir(), 'muster-lighthouse-'));
  const base = process.env.MUSTER_URL;
  const context = await chromium.launchPersistentContext(profile, {
    ...options,
    args: [`--remote-debugging-port=${port}`, ...options.args],
    baseURL: base,
  });
  try {
    await use(await context.newPage(), path => audit(`${base}${path}`, port));
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

async function audit(address: string, port: number): Promise<string[]> {
  const ran = await lighthouse(address, {
    port,
    onlyCategories: CATEGORIES,
    logLevel: 'error',
    // Nothing is timed, so the page is not throttled; its storage is kept.
    throttlingMethod: 'provided',
    disableStorageReset: true,
    disableFullPageScreenshot: true,
  });
  if (!ran) return ['it gave no result'];
  const { lhr } = ran;
  if (lhr.runtimeError) return [`${lhr.runtimeError.code}: ${lhr.runtimeError.message}`];
  const found = lhr.finalDisplayedUrl === address ? [] : [`it looked at ${lhr.finalDisplayedUrl}`];
  for (const name of CATEGORIES) {
    const { score, auditRefs } = lhr.categories[name];
    const failed = auditRefs
      .filter(({ id, weight }) => weight > 0 || !(id in INFORMATION))
      .map(({ id }) => lhr.audits[id])
      .filter(({ score }) => score !== null && score < 1);
    found.push(...failed.map(one => `${name}: ${one.id}: ${one.title} ${JSON.stringify(one.details ?? {}).slice(0, 800)}`));
    if (score !== 1 && failed.length === 0) found.push(`${name}: ${score}`);
  }
  return found;
}
