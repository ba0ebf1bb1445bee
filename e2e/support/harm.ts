// What a hostile service may try, and checks that none of it has an effect.
import { expect, type Page, type Request } from '@playwright/test';
import type { Quiet } from './test';
import { SANDBOX, SPARE } from './sandbox';

/** Maximum length of an accessible name or tooltip, including the words around the name. */
const MAX_LABEL = 700;

/** Recorded violations, and calls that may still turn out to be blocked by the policy. */
export type Caught = { deeds: string[]; open: Set<Request> };

/** The host in hostile responses. */
const HOSTILE = /https:\/\/hostile\.example\//;

/**
 * Watches a page from its start for dialogs, windows, navigation away, and calls to other hosts. A hostile
 * response may name a resource to preload (`Link: …; rel=preload`). Some browsers ignore it; others try, are
 * stopped by the page's policy, and report that. Both are fine: only calls that were made count.
 */
export async function guard(page: Page, quiet: Quiet): Promise<Caught> {
  const deeds: string[] = [];
  const open = new Set<Request>();
  const isStopped = (request: Request) => request.failure()?.errorText === 'csp';
  quiet.blocked(HOSTILE);
  const own = new URL(process.env.MUSTER_URL ?? '').origin;
  const known = [own, new URL(SANDBOX).origin, new URL(SPARE).origin];
  page.on('dialog', dialog => {
    deeds.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', popup => deeds.push(`a window: ${popup.url()}`));
  page.on('request', request => {
    const { protocol, origin } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && !known.includes(origin)) open.add(request);
  });
  const settle = (request: Request) => {
    if (open.delete(request) && !isStopped(request)) deeds.push(`a call: ${request.url().slice(0, 200)} (${request.failure()?.errorText ?? 'answered'})`);
  };
  page.on('requestfailed', settle);
  page.on('requestfinished', settle);
  page.on('framenavigated', frame => {
    if (frame === page.mainFrame() && frame.url() !== 'about:blank' && new URL(frame.url()).origin !== own) deeds.push(`gone to ${frame.url()}`);
  });
  return { deeds, open };
}

/** Expects the page to contain no foreign element, handler, link or text direction, at any width. */
export async function expectHarmless(page: Page, { deeds, open }: Caught, what: string) {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await page.evaluate(harm, MAX_LABEL), `${what}, ${width} wide`).toEqual([]);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect.poll(() => [...open].map(request => request.url()), { message: `${what}: every call to others has ended` }).toEqual([]);
  expect.soft(deeds, what).toEqual([]);
}

/** The problems of the page; runs in the page. */
function harm(maxLabel: number): string[] {
  const found: string[] = [];
  const say = (what: string) => void (found.length < 12 && found.push(what.slice(0, 240)));
  const marks = globalThis as unknown as Record<string, unknown>;
  if (marks.hostileRan !== undefined || marks.hostileran !== undefined) say(`something ran: ${String(marks.hostileRan)}`);
  if (({} as Record<string, unknown>).name !== undefined) say('the prototype of every object has a name');
  const turns = /[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
  // The address of a person's picture: a link that shows where it leads and tells nothing there.
  const isPlainLink = (link: HTMLAnchorElement) => link.protocol === 'https:' && link.rel === 'noopener noreferrer' && link.referrerPolicy === 'no-referrer' && link.textContent === link.getAttribute('href');
  const wider = document.documentElement.scrollWidth - innerWidth;
  if (wider > 0) {
    const widest = [...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.table-scroll, pre, [role=grid]'));
    say(`${wider} pixels wider than the window: ${widest.slice(0, 3).map(one => `${one.tagName}.${one.className}`).join(' ')}`);
  }
  if (document.title.length > 300 || turns.test(document.title)) say(`the title: ${document.title.length} characters`);
  for (const element of document.querySelectorAll('*')) {
    if (['IMG', 'IFRAME', 'OBJECT', 'EMBED', 'BASE', 'META'].includes(element.tagName) && element.closest('body')) say(`<${element.tagName}>`);
    if (element instanceof HTMLScriptElement && (!element.src || new URL(element.src).origin !== location.origin)) say('a foreign <script>');
    if (element instanceof HTMLAnchorElement && element.hasAttribute('href') && new URL(element.href).origin !== location.origin && element.protocol !== 'blob:' && !isPlainLink(element)) say(`a link: ${element.href}`);
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) say(`${element.tagName} ${name}`);
      if (['aria-label', 'title', 'placeholder', 'alt'].includes(name) && (value.length > maxLabel || turns.test(value))) say(`${element.tagName} ${name}: ${value.length} characters`);
    }
  }
  // Text next to a name keeps its direction: each letter is to the right of the one before it.
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.textContent ?? '';
    const around = node.parentElement;
    if (!around || around.closest('script, style, noscript, template, svg')) continue;
    if (turns.test(words)) say(`${around.tagName}.${around.className} has a character that turns or controls`);
    // A raw response is cut at 64 KB, before line breaks and escapes are added.
    if (words.length > 400_000) say(`${words.length} characters in ${around.tagName}`);
    const isBeside = node.previousSibling?.nodeName === 'BDI' || node.nextSibling?.nodeName === 'BDI';
    if (!isBeside || !/^[\x20-\x7e]{2,200}$/.test(words)) continue;
    const range = document.createRange();
    let before = { left: -Infinity, top: -Infinity };
    for (let at = 0; at < words.length; at += 1) {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const { left, top, width } = range.getBoundingClientRect();
      if (width === 0) continue;
      if (Math.abs(top - before.top) < 2 && left < before.left) {
        say(`turned: ${words}`);
        break;
      }
      before = { left, top };
    }
  }
  return found;
}
