import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { atEnd } from '../run/at-end.ts';

interface Meddling {
  /** Keeps everything that the answer to this path says, until it ends. */
  buffers?: string;
  /** Ends streams after so many milliseconds. */
  cutsAfterMs?: number;
  /** Changes the JSON of an answer, or of its moment. */
  rewrites?: (value: Record<string, unknown>) => unknown;
}

/** Somebody between an application and a relay, as companies have them. Gives the address to ask. */
export async function httpProxy(target: string, meddling: Meddling): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const { method } = incoming;
    const { 'accept-encoding': _, ...headers } = incoming.headers;
    const upstream = request(new URL(incoming.url ?? '/', target), { method, headers }, (answer) =>
      pass(answer, outgoing, incoming.url ?? '', meddling),
    );
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

function pass(answer: IncomingMessage, outgoing: ServerResponse, path: string, meddling: Meddling): void {
  const { buffers, cutsAfterMs, rewrites } = meddling;
  if (rewrites && path === '/api/snapshot') return void rewritten(answer, outgoing, rewrites);
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.on('error', () => outgoing.destroy());
  if (buffers === path) {
    answer.resume();
    return;
  }
  if (cutsAfterMs !== undefined && path.endsWith('/stream')) {
    setTimeout(() => outgoing.destroy(), cutsAfterMs).unref();
  }
  answer.pipe(outgoing);
}

async function rewritten(
  answer: IncomingMessage,
  outgoing: ServerResponse,
  rewrite: (value: Record<string, unknown>) => unknown,
): Promise<void> {
  const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
  const moment = headers['rollout-moment'];
  if (typeof moment === 'string') headers['rollout-moment'] = JSON.stringify(rewrite(JSON.parse(moment)));
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  outgoing.writeHead(answer.statusCode ?? 502, headers);
  outgoing.end(text === '' ? '' : JSON.stringify(rewrite(JSON.parse(text))));
}
