// The `test` for browsers driven through WebDriver: each test gets a fresh browser.
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { randomUUID } from 'node:crypto';
import { test as base, expect } from '@playwright/test';
import { must } from '../support/sandbox';
import { ask, Browser, PATIENCE } from './driver';

export type Kind = 'firefox' | 'webkit';

/** How to start each browser: its driver, and the capabilities to request. */
const KINDS: Record<Kind, { program: () => string; capabilities: () => object; needsScreen: boolean }> = {
  firefox: {
    program: () => 'geckodriver',
    capabilities: () => ({ 'moz:firefoxOptions': { binary: must('FIREFOX'), args: ['-headless'], prefs: { 'ui.prefersReducedMotion': 1, 'intl.accept_languages': 'en-GB' } } }),
    needsScreen: false,
  },
  webkit: {
    program: () => must('WEBKITDRIVER'),
    capabilities: () => ({ 'webkitgtk:browserOptions': { binary: must('MINIBROWSER'), args: ['--automation'] } }),
    needsScreen: true,
  },
};

type Running = { driver: string; capabilities: object };
type Options = { kind: Kind };
type Own = {
  tab: Browser;
  /** A key that only this test uses, so that it has the vendors' rate limits to itself. */
  key: string;
  /** Letters that only this test uses, for ids. */
  mark: string;
};

export const test = base.extend<Own, Options & { running: Running }>({
  kind: ['firefox', { option: true, scope: 'worker' }],
  running: [
    async ({ kind }, use) => {
      const { program, capabilities, needsScreen } = KINDS[kind];
      const screen = needsScreen ? await startScreen() : undefined;
      const port = await freePort();
      // Without these, GTK needs a session bus and a graphics card, which a bare machine lacks.
      const plain = { GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1', GSETTINGS_BACKEND: 'memory', LIBGL_ALWAYS_SOFTWARE: '1', WEBKIT_DISABLE_DMABUF_RENDERER: '1' };
      const env = { ...process.env, ...(screen ? { ...plain, DISPLAY: screen.display } : {}) };
      const child = spawn(program(), [`--port=${port}`], { env, stdio: 'ignore' });
      const driver = `http://127.0.0.1:${port}`;
      try {
        await expect.poll(() => isReady(driver, child), { message: `${program()} answers`, timeout: PATIENCE }).toBe(true);
        await use({ driver, capabilities: capabilities() });
      } finally {
        await end(child);
        if (screen) await end(screen.child);
      }
    },
    { scope: 'worker', timeout: 2 * PATIENCE },
  ],
  tab: async ({ running }, use, info) => {
    const browser = await Browser.open(running.driver, running.capabilities);
    info.annotations.push({ type: 'browser', description: browser.version });
    try {
      await use(browser);
      if (info.status !== info.expectedStatus) {
        await info.attach('page', { body: await browser.picture(), contentType: 'image/png' });
        await info.attach('words', { body: `${await browser.url()}\n${await browser.words()}`, contentType: 'text/plain' });
      }
    } finally {
      await browser.close();
    }
  },
  key: async ({ mark }, use) => use(`key-${mark}`),
  mark: async ({}, use) => use(`t${randomUUID().slice(0, 8)}`),
});

export { expect };

async function isReady(driver: string, child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`the driver ended with ${child.exitCode}`);
  try {
    return ((await ask(driver, 'GET', '/status')) as { ready: boolean }).ready;
  } catch (error) {
    // Not listening yet.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Starts a virtual display, which picks a free number. */
async function startScreen(): Promise<{ display: string; child: ChildProcess }> {
  const child = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const number = await new Promise<string>((resolve, reject) => {
    let told = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (told.includes('\n')) resolve(told.trim());
    });
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { display: `:${number}`, child };
}

async function end(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise(resolve => child.once('exit', resolve));
  child.kill();
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}
