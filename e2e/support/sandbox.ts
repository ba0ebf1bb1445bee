// A client of the local sandbox server.
import { expect, type APIRequestContext } from '@playwright/test';

export const SANDBOX = must('SANDBOX_URL');
/** An address that the page may call. No server listens there unless a test starts one. */
export const SPARE = must('SPARE_URL');

export type VendorName = 'Genuin' | 'Networked' | 'CometChat';

/** The base URLs of the vendors. */
export const BASES: Record<VendorName, string> = {
  Genuin: `${SANDBOX}/genuin`,
  Networked: `${SANDBOX}/networked`,
  CometChat: `${SANDBOX}/cometchat/v3`,
};

export type Sentinel = { vendor: string | null; place: string; value: string; provokes: string };

/** An environment variable that `cargo xtask test` sets. */
export function must(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; \`cargo xtask test --only e2e\` sets it`);
  return value;
}

/** Every value that makes the sandbox fail. */
export async function sentinels(request: APIRequestContext): Promise<Sentinel[]> {
  const response = await request.get(`${SANDBOX}/sentinels`);
  expect(response.status()).toBe(200);
  return response.json();
}

/** Creates a group with members at CometChat, bypassing the console. */
export async function makeGroup(request: APIRequestContext, guid: string, members: Record<string, string[]> = {}) {
  const headers = { apikey: `maker-${guid}` };
  const made = await request.post(`${BASES.CometChat}/groups`, { headers, data: { guid, name: `Group ${guid}`, type: 'public' } });
  expect(made.ok(), await made.text()).toBe(true);
  if (Object.keys(members).length > 0) {
    const added = await request.post(`${BASES.CometChat}/groups/${guid}/members`, { headers, data: members });
    expect(added.ok(), await added.text()).toBe(true);
  }
}

/** Creates numbered groups at CometChat, every third private, bypassing the console. */
export async function makeGroups(request: APIRequestContext, mark: string, count: number) {
  const headers = { apikey: `maker-${mark}` };
  for (let n = 1; n <= count; n += 1) {
    const data = { guid: `${mark}-${n}`, name: `Walk ${n} of ${mark}`, type: n % 3 === 0 ? 'private' : 'public' };
    const made = await request.post(`${BASES.CometChat}/groups`, { headers, data });
    expect(made.ok(), await made.text()).toBe(true);
  }
}

/** Adds participants to a group at CometChat, at most 25, bypassing the console. */
export async function addTo(request: APIRequestContext, guid: string, participants: string[]) {
  const headers = { apikey: `maker-${guid}` };
  const added = await request.post(`${BASES.CometChat}/groups/${guid}/members`, { headers, data: { participants } });
  expect(added.ok(), await added.text()).toBe(true);
}

/** The scopes of a group's members at CometChat, bypassing the console. */
export async function scopesOf(request: APIRequestContext, guid: string): Promise<Record<string, string>> {
  const banned = await bannedFrom(request, guid);
  const members = await listOf(request, guid, 'members');
  return Object.fromEntries(members.filter(({ uid }) => !banned.includes(uid)).map(({ uid, scope }) => [uid, scope]));
}

/** The ids of people banned from a group at CometChat; the list of members may contain them too. */
export async function bannedFrom(request: APIRequestContext, guid: string): Promise<string[]> {
  return (await listOf(request, guid, 'bannedusers')).map(({ uid }) => uid);
}

async function listOf(request: APIRequestContext, guid: string, list: 'members' | 'bannedusers') {
  const headers = { apikey: `reader-${guid}` };
  const response = await request.get(`${BASES.CometChat}/groups/${guid}/${list}?perPage=1000`, { headers });
  const { data } = (await response.json()) as { data: { uid: string; scope: string }[] };
  return data;
}

/** Bans a member of a group at CometChat, bypassing the console. */
export async function ban(request: APIRequestContext, guid: string, uid: string) {
  const headers = { apikey: `maker-${guid}` };
  const response = await request.post(`${BASES.CometChat}/groups/${guid}/bannedusers/${uid}`, { headers });
  expect(response.ok(), await response.text()).toBe(true);
}

/** One of 30,000 people in the sandbox who are only in the largest group, counted from 1. */
export function citizen(n: number): string {
  return `citizen-${String(n).padStart(5, '0')}`;
}

/** The first `count` of them. */
export function citizens(count: number): string[] {
  return Array.from({ length: count }, (_, idx) => citizen(idx + 1));
}

/**
 * Makes the sandbox execute calls that contain all these words but hold back the responses, so that a test
 * can act while a call is in flight. Returns a function that releases the responses.
 */
export async function hold(request: APIRequestContext, ...words: string[]): Promise<() => Promise<void>> {
  const path = `${SANDBOX}/hold/${words.join('+')}`;
  expect((await request.post(path)).status()).toBe(204);
  return async () => expect((await request.delete(path)).status()).toBe(204);
}
