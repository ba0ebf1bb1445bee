// Searches for a marked text everywhere it could leak to.
import { readFile } from 'node:fs/promises';
import { expect, type BrowserContext, type Page, type Request } from '@playwright/test';

/** The encodings in which a text may occur in another. */
export function formsOf(mark: string): string[] {
  const bytes = Buffer.from(mark);
  // Base64 of the same bytes depends on their offset; the first and last letters depend on the neighbouring
  // bytes.
  const base64 = [0, 1, 2].map(shift => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replace(/=+$/, '');
    return whole.slice(shift === 0 ? 0 : shift + 1, -2);
  });
  const urlSafe = base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_'));
  const escaped = JSON.stringify(mark).slice(1, -1);
  return [...new Set([mark, encodeURIComponent(mark), encodeURI(mark), escaped, bytes.toString('hex'), ...base64, ...urlSafe])];
}

export type Sent = { headers: Record<string, string>; body: string };

/** Watches a browser context from its first page on. */
export class Watch {
  readonly #marks: string[];
  readonly #found: string[] = [];
  readonly #pending: Promise<unknown>[] = [];
  /** The number of requests that contained a mark, including permitted ones. */
  nSent = 0;

  /** `rest` removes the parts of a request's headers and body that may contain a mark. */
  constructor(context: BrowserContext, marks: string[], rest: (url: string, sent: Sent) => Sent) {
    this.#marks = marks.flatMap(formsOf);
    context.on('console', message => this.look(`console (${message.type()})`, message.text()));
    context.on('weberror', error => this.look('an error', String(error.error().stack)));
    context.on('request', request => {
      this.look('an address', request.url());
      this.#pending.push(this.#request(request, rest));
    });
  }

  async #request(request: Request, rest: (url: string, sent: Sent) => Sent) {
    // For a page that was left in the meantime, only the headers set by the page are known.
    const headers = await request.allHeaders().catch(() => request.headers());
    const sent = { headers, body: request.postData() ?? '' };
    if (this.has(JSON.stringify(sent))) this.nSent += 1;
    this.look(`a request to ${request.url()}`, JSON.stringify(rest(request.url(), sent)));
  }

  has(text: string): boolean {
    return this.#marks.some(mark => text.includes(mark));
  }

  look(where: string, text: string) {
    const mark = this.#marks.find(mark => text.includes(mark));
    if (mark) this.#found.push(`${where}: …${text.slice(Math.max(0, text.indexOf(mark) - 60), text.indexOf(mark) + 40)}…`);
  }

  /**
   * Searches a page and everything that its origin stores. `except` matches entries of the tab's storage to
   * skip.
   */
  async page(page: Page, where: string, except: RegExp = /^$/) {
    const { inTab, ...all } = await page.evaluate(everything);
    for (const [what, text] of Object.entries(all)) this.look(`${where}, ${what}`, text);
    for (const [name, text] of Object.entries(inTab)) {
      if (!except.test(name)) this.look(`${where}, sessionStorage ${name}`, text);
    }
  }

  async file(path: string) {
    this.look('a download', await readFile(path, 'latin1'));
  }

  async expectNothing() {
    await Promise.all(this.#pending);
    expect(this.#found, 'where a mark was found').toEqual([]);
  }
}

/** Runs in the page. */
async function everything() {
  const shown = (_: string, value: unknown) => {
    if (value instanceof ArrayBuffer) value = new Uint8Array(value);
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return text;
    }
    if (value instanceof CryptoKey) return `CryptoKey ${value.extractable}`;
    return value;
  };
  const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const kept: unknown[] = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name!));
    for (const store of database.objectStoreNames) {
      const from = database.transaction(store).objectStore(store);
      kept.push([name, store, await done(from.getAllKeys()), await done(from.getAll())]);
    }
    database.close();
  }
  const cached: unknown[] = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) cached.push([name, request.url]);
  }
  const fields = [...document.querySelectorAll('input, textarea, select')] as HTMLInputElement[];
  return {
    html: document.documentElement.outerHTML,
    fields: JSON.stringify(fields.map(field => field.value)),
    localStorage: JSON.stringify({ ...localStorage }),
    indexedDB: JSON.stringify(kept, shown),
    caches: JSON.stringify(cached),
    cookies: document.cookie,
    history: JSON.stringify([location.href, document.referrer, history.state, window.name, document.title]),
    timings: JSON.stringify(performance.getEntries().map(entry => entry.name)),
    inTab: { ...sessionStorage } as Record<string, string>,
  };
}
