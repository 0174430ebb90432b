import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves a page and tells it of changes, as a server does. */
export async function liveServer(
  first: (live: string) => string,
  parts: (path: string) => string | null = () => null,
) {
  let page = first;
  const listeners: ServerResponse[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': here\n\n');
      listeners.push(response);
    } else if (request.url === '/readyz') {
      response.end('ready');
    } else if (request.url !== '/') {
      const part = parts(request.url ?? '');
      response.writeHead(part === null ? 404 : 200, { 'content-type': 'application/json' }).end(part ?? '');
    } else {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page('/events'));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    tell: () => {
      for (const listener of listeners) listener.write('data: changed\n\n');
    },
    change: (next: (live: string) => string) => {
      page = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
