// The page of the ledger, and the stored one: longer than a test could make by sending changes.
import { createHash } from 'node:crypto';
import type { APIRequestContext } from '@playwright/test';
import { expect, type Page } from './test';
import { expectOver, expectRow, pastePeople, pickGroup, send } from './compose';
import { connect, go, section } from './connect';
import { makeGroup } from './sandbox';
import { text } from './text';

export const grid = (page: Page) => page.getByRole('grid', { name: text('activity.entries') });
export const entries = (page: Page) => grid(page).getByRole('rowheader');
export const fits = (page: Page, count: number) => page.getByText(text('ledger.fits', { count }), { exact: true });
export const drawer = (page: Page) => page.getByRole('complementary', { name: /^Entry \d+$/ });

/** Adds people to a new group, of whom one cannot be found, and opens the ledger. */
export async function addThree(page: Page, key: string, mark: string, request: APIRequestContext) {
  await makeGroup(request, mark);
  await connect(page, 'CometChat', { key });
  await section(page, 'add');
  await pickGroup(page, mark);
  await pastePeople(page, 'fan-301\nuid-not-found\nfan-302');
  await send(page);
  await expectRow(page, 'fan-302', 'done');
  await expectOver(page);
  await go(page, 'activity');
  await expect(fits(page, 4)).toBeVisible();
}

/** Clicks a download button and reads the file. */
export async function saved(page: Page, button: string): Promise<{ name: string; content: string }> {
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  const download = await started;
  let content = '';
  for await (const chunk of await download.createReadStream()) content += chunk;
  return { name: download.suggestedFilename(), content };
}

type Written = { entry: Record<string, any>; hash: string; opened: Record<string, any> | null };

/** The digest of a domain and a text, each with its length in front. */
function digest(domain: string, content: string): string {
  const sha = createHash('sha256');
  for (const part of [domain, content].map(part => Buffer.from(part))) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(part.length));
    sha.update(length).update(part);
  }
  return sha.digest('hex');
}

/**
 * Lines that continue an exported chain to a number of entries, each about another person. `later` is how long after the
 * last exported entry one happens, in milliseconds.
 */
export function longer(content: string, count: number, later = (seq: number) => seq): string[] {
  const written = content.trimEnd().split('\n').slice(1, -1).map(line => JSON.parse(line) as Written);
  const sample = written.find(({ opened }) => opened)!;
  let previous = written.at(-1)!.hash;
  const lines: string[] = [];
  for (let seq = written.length; seq < count; seq += 1) {
    const opened = { ...sample.opened, key: { by: 'id', key: `person-${seq}` }, name: `Person ${seq}` };
    const person = digest('Muster person', JSON.stringify(opened));
    const entry = { ...sample.entry, at: sample.entry.at + later(seq), person, previous, seq };
    previous = digest('Muster chain entry', JSON.stringify(entry));
    lines.push(JSON.stringify({ entry, hash: previous, opened }));
  }
  return lines;
}

/** Stores lines after those that are there, and moves the tip. */
export async function append(page: Page, lines: string[]) {
  for (let from = 0; from < lines.length; from += 10_000) {
    await page.evaluate(async lines => {
      const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const database = await done(indexedDB.open('muster'));
      const transaction = database.transaction(['chain', 'review'], 'readwrite');
      const [chain, review] = [transaction.objectStore('chain'), transaction.objectStore('review')];
      const tip = JSON.parse(await done(review.get('tip')) as string);
      for (const line of lines) {
        const { entry, hash } = JSON.parse(line);
        chain.add(line, [tip.chain, entry.seq]);
        [tip.last, tip.n_entries] = [hash, entry.seq + 1];
      }
      await done(review.put(JSON.stringify(tip), 'tip'));
      database.close();
    }, lines.slice(from, from + 10_000));
  }
}

/** Changes the stored line of an entry, by its number, or deletes it. */
export function changeLine(page: Page, number: number, change: { from: string; to: string } | 'delete') {
  return page.evaluate(async ({ number, change }) => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open('muster'));
    const store = database.transaction('chain', 'readwrite').objectStore('chain');
    const keys = await done(store.getAllKeys()) as [string, number][];
    const key = keys.find(([, seq]) => seq === number - 1)!;
    if (change === 'delete') {
      await done(store.delete(key));
    } else {
      const line = await done(store.get(key)) as string;
      if (!line.includes(change.from)) throw new Error(`${line} lacks ${change.from}`);
      await done(store.put(line.replace(change.from, change.to), key));
    }
    database.close();
  }, { number, change });
}
