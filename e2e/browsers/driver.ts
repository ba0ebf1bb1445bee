// A WebDriver client, for Debian's browsers that Playwright cannot drive. Never sleeps: everything waits for
// a state, with a time limit that is long enough for a busy machine.
import { expect } from '@playwright/test';
import { named, type Role } from './find';

/** WebDriver's key of an element reference. */
const REFERENCE = 'element-6066-11e4-a52e-4f735466cecf';
/** Time limit for reaching a state, in milliseconds, generous enough for a busy machine. */
export const PATIENCE = 90_000;
export const ARROW_RIGHT = '\uE014';
const ENTER = '\uE007';
const TAB = '\uE004';

type Element = { [REFERENCE]: string };

/** A locator: role, name, and surrounding element. */
export type Wanted = { role: Role; name?: string; part?: boolean; within?: Wanted; nth?: number };

/** An error response of the driver. */
export class Refusal extends Error {
  constructor(readonly code: string, message: string) {
    super(`${code}: ${message}`);
  }
}

/** Sends a command to a driver. */
export async function ask(driver: string, method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
  const response = await fetch(driver + path, { method, body: body && JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  const { value } = (await response.json()) as { value: unknown };
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Refusal(error, message);
}

/** A browser window with a fresh profile. */
export class Browser {
  private constructor(readonly driver: string, readonly session: string, readonly version: string) {}

  static async open(driver: string, capabilities: object): Promise<Browser> {
    const made = (await ask(driver, 'POST', '/session', { capabilities: { alwaysMatch: capabilities } })) as {
      sessionId: string;
      capabilities: { browserName: string; browserVersion: string };
    };
    const { browserName, browserVersion } = made.capabilities;
    const browser = new Browser(driver, made.sessionId, `${browserName} ${browserVersion}`);
    await browser.#ask('POST', '/timeouts', { pageLoad: PATIENCE, script: PATIENCE, implicit: 0 });
    await browser.#ask('POST', '/window/rect', { width: 1280, height: 900 });
    return browser;
  }

  #ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) {
    return ask(this.driver, method, `/session/${this.session}${path}`, body ?? (method === 'POST' ? {} : undefined));
  }

  async close() {
    await this.#ask('DELETE', '');
  }

  async goto(address: string) {
    await this.#ask('POST', '/url', { url: address });
  }

  async reload() {
    await this.#ask('POST', '/refresh');
  }

  async url(): Promise<URL> {
    return new URL((await this.#ask('GET', '/url')) as string);
  }

  async picture(): Promise<Buffer> {
    return Buffer.from((await this.#ask('GET', '/screenshot')) as string, 'base64');
  }

  async run<T>(what: (...given: never[]) => T, ...given: unknown[]): Promise<Awaited<T>> {
    return (await this.#ask('POST', '/execute/sync', { script: `return (${what.toString()}).apply(null, arguments)`, args: given })) as Awaited<T>;
  }

  /** Reads the page, and again if it re-renders meanwhile. WebKit finds an element stale even while it is handed over. */
  async #read<T>(what: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await what();
      } catch (error) {
        if (!(error instanceof Refusal && error.code === 'stale element reference')) throw error;
      }
    }
  }

  /** The matching elements that are visible now. */
  async all(wanted: Wanted): Promise<Element[]> {
    return (await this.#read(() => this.run(named as never, wanted))) as unknown as Element[];
  }

  /** Waits until exactly one element matches, or until the one at index `nth` exists. */
  async one(wanted: Wanted): Promise<Element> {
    let found: Element[] = [];
    const count = async () => (found = await this.all(wanted)).length;
    const what = `${wanted.role} ${wanted.name ?? ''}`;
    if (wanted.nth === undefined) await expect.poll(count, { message: what, timeout: PATIENCE }).toBe(1);
    else await expect.poll(count, { message: what, timeout: PATIENCE }).toBeGreaterThan(wanted.nth);
    return found[wanted.nth ?? 0];
  }

  /** Sends a command for an element. Retries if the page has just re-rendered or still covers the element. */
  async #with(wanted: Wanted, path: string, body: object = {}) {
    const passing = ['stale element reference', 'element click intercepted', 'element not interactable'];
    const tried = async () => {
      const element = await this.one(wanted);
      try {
        // WebKit's driver does not scroll to an element just below the window.
        await this.run(((element: HTMLElement) => element.scrollIntoView({ block: 'nearest' })) as never, element);
        await this.#ask('POST', `/element/${element[REFERENCE]}${path}`, body);
        return 'done';
      } catch (error) {
        // These errors leave the page unchanged.
        if (!(error instanceof Refusal && passing.includes(error.code))) throw error;
        return error.message;
      }
    };
    await expect.poll(tried, { message: `${path} on ${wanted.role} ${wanted.name ?? ''}`, timeout: PATIENCE }).toBe('done');
  }

  async click(wanted: Wanted) {
    await this.#with(wanted, '/click');
  }

  /** Types into a field, or presses keys on any focusable element. */
  async type(wanted: Wanted, keys: string) {
    await this.#with(wanted, '/value', { text: keys });
  }

  /** Fills an empty field and leaves it. */
  async fill(wanted: Wanted, words: string) {
    await this.type(wanted, words + TAB);
  }

  async clear(wanted: Wanted) {
    await this.#with(wanted, '/clear');
  }

  /**
   * Types texts one by one, each followed by Enter. Each is a separate command: Firefox's driver dispatches
   * all keys of one command at once, so the page could not react in between.
   */
  async enter(wanted: Wanted, each: string[]) {
    for (const one of each) await this.type(wanted, one + ENTER);
  }

  /** The visible text. */
  async words(wanted: Wanted = { role: 'main' }): Promise<string> {
    return this.#read(async () => {
      const found = await this.all(wanted);
      const each = found.map(one => this.run(((element: HTMLElement) => element.innerText) as never, one));
      return (await Promise.all(each)).join('\n').replace(/\s+/g, ' ');
    });
  }

  /** Waits for a text. */
  async says(words: string, wanted?: Wanted) {
    await expect.poll(() => this.words(wanted), { message: words, timeout: PATIENCE }).toContain(words);
  }
}
