// The built site behind a relay that a test controls.
import { createServer, request as call, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SANDBOX } from './sandbox';

const SITE = process.env.MUSTER_URL ?? '';

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

export type Front = { origin: string; close(): Promise<void> };

/** Forwards a request to another server, with extra headers and without the browser's own credentials. */
function handOn(to: URL, headers: Record<string, string>, request: IncomingMessage, response: ServerResponse) {
  const { host: _, origin: __, cookie: ___, connection: ____, ...own } = request.headers;
  const onward = call(to, { method: request.method, headers: { ...own, ...headers, connection: 'close' } }, answer => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.writeHead(502, { 'muster-relay': 'no-answer' }).end());
  request.pipe(onward);
}

/** Serves the site, and calls `relay` for paths below `/relay/`. */
export async function front(relay: Serve): Promise<Front> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path.startsWith('/relay/')) return relay(request, response);
    handOn(new URL(path, SITE), {}, request, response);
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise(closed => server.close(closed));
    },
  };
}

export type Rules = {
  /** The key that the relay adds. */
  key: string;
  /** Admits requests that are not signed in. */
  isOpen?: boolean;
  /** Forwards undocumented calls. */
  handsOnAll?: boolean;
};

/** The cookie of a signed-in user. */
export const SIGNED_IN = { name: 'signed-in', value: 'yes' };

/**
 * A relay to the sandbox's CometChat at `/relay/cometchat/fans/v3`, with the same responses as those in
 * `deploy/`.
 */
export function relayToCometChat({ key, isOpen, handsOnAll }: Rules): Serve {
  return (request, response) => {
    const path = (request.url ?? '').replace(/^\/relay\/cometchat\/fans/, '');
    const isListed = /^\/v3\/(groups|users|roles)([/?]|$)/.test(path);
    const isSignedIn = (request.headers.cookie ?? '').includes(`${SIGNED_IN.name}=${SIGNED_IN.value}`);
    if (!isListed && !handsOnAll) return void response.writeHead(403, { 'muster-relay': 'refused' }).end();
    if (!isSignedIn && !isOpen) return void response.writeHead(401, { 'muster-relay': 'sign-in' }).end();
    handOn(new URL(`${SANDBOX}/cometchat${path}`), { apikey: key }, request, response);
  };
}
