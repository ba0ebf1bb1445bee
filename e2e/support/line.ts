// A line between the browser and a server that a test can cut while calls are on it.
import { createServer, request as call } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Line = {
  origin: string;
  /** What was carried: methods and paths. */
  carried: string[];
  /** Ends every connection of the browser at once. What has left for the server stays there. */
  cut(): void;
  close(): Promise<void>;
};

/** Carries calls to a server, which takes them for calls of its own pages. */
export async function line(to: string): Promise<Line> {
  const { origin, host } = new URL(to);
  const sockets = new Set<Socket>();
  const carried: string[] = [];
  const server = createServer((request, response) => {
    carried.push(`${request.method} ${request.url}`);
    const headers = { ...request.headers, host, connection: 'close' };
    if (headers.origin) headers.origin = origin;
    const onward = call(new URL(request.url ?? '/', to), { method: request.method, headers }, answer => {
      // The browser goes on with its connection: only those that it uses again make it repeat a call.
      const { connection: _, 'keep-alive': __, ...own } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, own);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    carried,
    cut: () => sockets.forEach(socket => socket.destroy()),
    close: async () => {
      server.closeAllConnections();
      await new Promise(closed => server.close(closed));
    },
  };
}
