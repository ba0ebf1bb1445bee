// A vendor that speaks HTTP/2 and drops the connection after executing a call.
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { request as call } from 'node:http';
import type { Socket } from 'node:net';
import { must, SANDBOX } from './sandbox';

/** Connection-specific headers, which HTTP/2 forbids. */
const OF_THE_LINE = /^(:.*|connection|keep-alive|transfer-encoding|host)$/;

export type Secure = {
  /** The base URL of CometChat at this server. */
  base: string;
  /** Changes with a key: methods and paths. */
  arrived: string[];
  /** Drops the connection before the response to the next change, once. */
  dieNext(): void;
  close(): Promise<void>;
};

/** A proxy in front of the sandbox's CometChat. */
export async function secure(): Promise<Secure> {
  const url = new URL(must('SECURE_URL'));
  const sockets = new Set<Socket>();
  const arrived: string[] = [];
  let isDoomed = false;
  const options = { cert: readFileSync(must('SECURE_CERTIFICATE')), key: readFileSync(must('SECURE_KEY')) };
  const server = createSecureServer(options, (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !OF_THE_LINE.test(name)));
    const isChange = !['GET', 'OPTIONS'].includes(request.method) && headers.apikey !== undefined;
    if (isChange) arrived.push(`${request.method} ${request.url}`);
    const onward = call(`${SANDBOX}/cometchat${request.url}`, { method: request.method, headers }, answer => {
      if (isChange && isDoomed) {
        isDoomed = false;
        return sockets.forEach(socket => socket.destroy());
      }
      const own = Object.entries(answer.headers).filter(([name]) => !OF_THE_LINE.test(name));
      response.writeHead(answer.statusCode ?? 502, Object.fromEntries(own));
      answer.pipe(response);
    });
    onward.on('error', () => response.stream.close());
    request.pipe(onward);
  });
  // Dropped connections are the purpose of this server.
  server.on('sessionError', () => undefined);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>(listening => server.listen(Number(url.port), '127.0.0.1', listening));
  return {
    base: `${url.origin}/v3`,
    arrived,
    dieNext: () => (isDoomed = true),
    close: async () => {
      sockets.forEach(socket => socket.destroy());
      await new Promise(closed => server.close(closed));
    },
  };
}
