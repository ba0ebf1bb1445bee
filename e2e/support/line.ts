// A proxy between browser and server that a test can cut while calls are in flight.
import { createServer, request as call } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Line = {
  origin: string;
  /** The forwarded requests: methods and paths. */
  carried: string[];
  /** Drops all connections of the browser at once. Requests already forwarded still reach the server. */
  cut(): void;
  close(): Promise<void>;
};

/** Forwards requests to a server, rewritten so that they seem to come from its own pages. */
export async function line(to: string): Promise<Line> {
  const { origin, host } = new URL(to);
  const sockets = new Set<Socket>();
  const carried: string[] = [];
  const server = createServer((request, response) => {
    carried.push(`${request.method} ${request.url}`);
    const headers = { ...request.headers, host, connection: 'close' };
    if (headers.origin) headers.origin = origin;
    const onward = call(new URL(request.url ?? '/', to), { method: request.method, headers }, answer => {
      // Keeps the browser's connection alive: browsers only repeat requests on reused connections.
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
