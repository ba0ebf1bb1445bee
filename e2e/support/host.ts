// A static host that serves the output of `cargo xtask dist`, with the headers in it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';

const WORKER = '/sw.js';

/** The files of a release by URL path, such as `/index.html`. */
export type Release = Map<string, Buffer>;

const TYPES: Record<string, string> = { html: 'text/html', css: 'text/css', js: 'text/javascript', json: 'application/json', wasm: 'application/wasm', svg: 'image/svg+xml', png: 'image/png', webmanifest: 'application/manifest+json' };

/** The release that was built. */
export function built(): Release {
  const folder = process.env.DIST_SITE;
  if (!folder) throw new Error('DIST_SITE says where a release is; `cargo xtask test` makes one');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter(name => /\.\w+$|_headers$/.test(name) && !/\.(br|gz)$/.test(name));
  return new Map(files.map(name => [`/${name}`, readFileSync(join(folder, name))]));
}

/**
 * Another release of the same program: all hashed files have other names. Wasm files have other bytes too, because the
 * loader derives their names from their digests.
 */
export function another(release: Release, turn = 1): Release {
  const wasm = [...release].filter(([address]) => address.endsWith('.wasm')).map(([address, bytes]) => {
    const changed = Buffer.concat([bytes, emptySection(0x60 + turn)]);
    const replaced = [[sha256(bytes), sha256(changed)], [hash(bytes), hash(changed)]] as const;
    return { address, changed, replaced };
  });
  const renamed = (text: string) => {
    const turned = text.replace(/-([0-9a-f])([0-9a-f]{15})\.(?!wasm)/g, (_, first, rest) => `-${((parseInt(first, 16) + turn) % 16).toString(16)}${rest}.`);
    return wasm.flatMap(({ replaced }) => replaced).reduce((text, [before, after]) => text.replaceAll(before, after), turned);
  };
  const next: Release = new Map(wasm.map(({ address, changed }) => [renamed(address), changed]));
  let [page, worker] = ['/index.html', WORKER].map(name => renamed(String(release.get(name))));
  for (const [address, bytes] of release) {
    if (/\.wasm$|^\/index\.html$/.test(address) || address === WORKER) continue;
    const changed = /\.js$|\.webmanifest$|_headers$/.test(address) ? Buffer.from(renamed(String(bytes))) : bytes;
    [page, worker] = [page, worker].map(text => text.replaceAll(integrity(bytes), integrity(changed)));
    next.set(renamed(address), changed);
  }
  page = page.replace(/data-release="[0-9a-f]+"/, `data-release="another-${turn}"`);
  worker = worker.replace(/RELEASE = '\w+'/, `RELEASE = 'another${turn}'`);
  return withPage(next.set(WORKER, Buffer.from(worker)), page, release);
}

/** The release below another path. */
export function below(release: Release, path: string): Release {
  return withPage(release, String(release.get('/index.html')).replace('<base href="/">', `<base href="${path}">`));
}

/** A release with another page, which the worker compares with its digest. */
function withPage(release: Release, page: string, before = release): Release {
  const [known, digest] = [before.get('/index.html') ?? Buffer.of(), integrity(Buffer.from(page))];
  const worker = String(release.get(WORKER)).replace(integrity(known), digest);
  return new Map([...release, ['/index.html', Buffer.from(page)], [WORKER, Buffer.from(worker)]]);
}

/** The release with other contents of some files, which are not compared with digests. */
export function withFiles(release: Release, files: Record<string, string>): Release {
  return new Map([...release, ...Object.entries(files).map(([address, text]) => [address, Buffer.from(text)] as const)]);
}

/** The newer release with the files that only the older one has, as `--keep-last` does. */
export function merged(older: Release, newer: Release): Release {
  return new Map([...older, ...newer]);
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('base64');
const integrity = (bytes: Buffer) => `sha256-${sha256(bytes)}`;
/** The hash in the name of a Wasm file. */
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** An empty custom section of a Wasm file, named by one character. */
const emptySection = (name: number) => Buffer.of(0, 2, 1, name);

/** A file with the same meaning and other bytes: with an extra line, or an empty custom section. */
const altered = (name: string, file: Buffer) => Buffer.concat([file, name.endsWith('.wasm') ? emptySection(0x78) : Buffer.from('\n')]);

export type Options = {
  /** The path that it serves the release below; other paths have nothing. */
  at?: string;
  /** Responds to calls below `/relay/`. */
  relay?: (request: IncomingMessage, response: ServerResponse) => void;
};

/** The page to which people are sent who are not signed in. */
export const SIGN_IN = '/sign-in';

/** A file that is not sent until it is released. */
export const HELD = '/assets/held';

export class Host {
  readonly #server: Server;
  readonly #at: string;
  #release: Release;
  #isDown = false;
  #isSignedOut = false;
  #altered = new Map<string, number>();
  #held: ServerResponse[] = [];
  /** The requests, and whether the browser was revalidating a cached file. */
  readonly asked: { path: string; again: boolean }[] = [];

  private constructor(release: Release, { at = '/', relay }: Options) {
    this.#release = release;
    this.#at = at;
    this.#server = createServer((request, response) => {
      if (this.#isDown) return request.destroy();
      const { pathname } = new URL(request.url ?? '/', 'http://host');
      if (pathname.startsWith('/relay/') && relay) return relay(request, response);
      if (pathname === SIGN_IN) return response.setHeader('Content-Type', 'text/html').end('<title>Sign in</title>');
      if (this.#isSignedOut) return response.writeHead(302, { Location: SIGN_IN }).end();
      if (!pathname.startsWith(at)) return response.writeHead(404).end();
      const path = pathname.slice(at.length - 1);
      if (path === HELD) return void this.#held.push(response);
      this.asked.push({ path, again: request.headers['if-none-match'] !== undefined });
      const known = this.#release.get(path);
      const isPage = !known && !/\.\w+$/.test(path);
      const name = isPage ? '/index.html' : path;
      const file = this.#release.get(name);
      for (const [header, value] of this.#headers(name)) response.setHeader(header, value);
      if (!file) return response.writeHead(404).end();
      const tag = JSON.stringify(integrity(file));
      response.setHeader('ETag', tag).setHeader('Content-Type', TYPES[name.split('.').pop() ?? ''] ?? 'text/plain');
      if (request.headers['if-none-match'] === tag) return response.writeHead(304).end();
      const times = this.#altered.get(name) ?? 0;
      if (times > 0) this.#altered.set(name, times - 1);
      response.end(times > 0 ? altered(name, file) : file);
    });
  }

  static async start(release: Release, options: Options = {}): Promise<Host> {
    const host = new Host(release, options);
    await new Promise<void>(resolve => host.#server.listen(0, '127.0.0.1', resolve));
    return host;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.#at}`;
  }

  /** Breaks every connection, until it is up again. */
  down(isDown = true) {
    this.#isDown = isDown;
    if (isDown) this.#server.closeAllConnections();
  }

  /** Redirects everything to a sign-in page, as an identity provider does. */
  signOut(isSignedOut = true) {
    this.#isSignedOut = isSignedOut;
  }

  /** Replaces the release. */
  put(release: Release) {
    this.#release = release;
  }

  /** The URL path of the only file that matches. */
  address(pattern: RegExp): string {
    const found = [...this.#release.keys()].filter(address => pattern.test(address));
    if (found.length !== 1) throw new Error(`${found.length} files fit ${pattern}: ${found.join(', ')}`);
    return found[0];
  }

  /** Serves a file altered, for this many responses. */
  alter(pattern: RegExp, times = Infinity) {
    this.#altered.set(this.address(pattern), times);
  }

  /** Number of requests for the file that is held back. */
  held(): number {
    return this.#held.length;
  }

  /** Answers the requests that were held back. */
  release() {
    for (const response of this.#held.splice(0)) response.writeHead(204).end();
  }

  /** How often a file was requested. */
  times(pattern: RegExp): number {
    return this.asked.filter(({ path }) => pattern.test(path)).length;
  }

  /** How often the page itself was requested. */
  visits(): number {
    return this.asked.filter(({ path }) => path === '/').length;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  /** The headers of a URL path, of every rule that matches it: a path, or one that ends with `*`. */
  #headers(name: string): [string, string][] {
    const found: [string, string][] = [];
    let applies = false;
    for (const line of String(this.#release.get('/_headers')).split('\n')) {
      if (/^\S/.test(line)) applies = line.endsWith('*') ? name.startsWith(line.slice(0, -1)) : line === name;
      else if (applies && line.trim()) found.push([line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]);
    }
    return found;
  }
}
