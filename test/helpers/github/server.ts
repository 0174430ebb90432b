import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, notFound, Refusal } from './answers.ts';
import { type Caller, may, type tokenBook } from './caller.ts';
import { answerProblems, completed, type Operation, operationAt, requestProblems } from './description.ts';
import type { Fate, faultList } from './faults.ts';
import { answerQuery, fieldOf, type Query } from './graphql.ts';
import { ROUTES } from './routes.ts';
import { gitRequest, serveGit } from './smart-http.ts';
import { type Hosted, userOf } from './state.ts';

/** A request as it came, and what it got. */
export interface Recorded {
  /** `pulls/create`, `graphql/viewer`, `git`. */
  operation: string;
  method: string;
  /** With its query, as it was sent. */
  url: string;
  /** Parsed JSON. */
  body: unknown;
  headers: IncomingMessage['headers'];
  login: string | null;
  /** Null: the connection was cut, or nothing was answered. */
  status: number | null;
}

/** What the server needs to know. */
export interface Hub {
  find: (name: string) => Hosted | undefined;
  tokens: ReturnType<typeof tokenBook>;
  faults: ReturnType<typeof faultList>;
  requests: Recorded[];
  /** What did not fit GitHub's own description, of a request or of an answer, each a sentence. */
  violations: string[];
}

export interface Listening {
  url: string;
  close(): Promise<void>;
}

export async function listen(hub: Hub): Promise<Listening> {
  const server = createServer((request, response) => {
    handle(hub, url, request, response).catch((error: unknown) => {
      hub.violations.push(
        `${request.method} ${request.url}: ${error instanceof Error ? error.stack : error}`,
      );
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A request on its way through the server. */
interface Visit {
  hub: Hub;
  /** What URLs begin with: of pages, and of the interface, where Enterprise has it below `/api/v3`. */
  server: string;
  api: string;
  path: string;
  query: URLSearchParams;
  body: Buffer;
  caller: Caller | null;
  record: Recorded;
}

async function handle(
  hub: Hub,
  server: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = new URL(request.url ?? '/', server);
  const enterprise = target.pathname.startsWith('/api/v3');
  const path = target.pathname.replace(/^\/api\/v3(?=\/)/, '').replace(/^\/api\/graphql$/, '/graphql');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const caller = hub.tokens.callerOf(request.headers.authorization);
  const record: Recorded = {
    ...{ operation: '', method: request.method ?? '', url: request.url ?? '', body: undefined },
    ...{ headers: request.headers, login: caller?.login ?? null, status: null },
  };
  hub.requests.push(record);
  const api = enterprise ? `${server}/api/v3` : server;
  const visit: Visit = {
    hub,
    server,
    api,
    path,
    query: target.searchParams,
    body: Buffer.concat(chunks),
    caller,
    record,
  };
  const git = gitRequest(path);
  if (git) await answerGit(visit, request, response, git, target.search.slice(1));
  else if (path === '/graphql') await answerGraphql(visit, response);
  else await answerRest(visit, response);
}

async function answerGit(
  { hub, body, caller, record }: Visit,
  request: IncomingMessage,
  response: ServerResponse,
  { name, rest }: { name: string; rest: string },
  query: string,
): Promise<void> {
  record.operation = 'git';
  const fate = await hub.faults.meet('git');
  if (spoiled(fate, response, record)) return;
  const repo = hub.find(name);
  if (!repo) {
    response.writeHead(404).end('Repository not found.');
    record.status = 404;
    return;
  }
  record.status = await serveGit(request, response, body, { repo, caller, rest, query });
}

async function answerGraphql(visit: Visit, response: ServerResponse): Promise<void> {
  const { hub, body, caller, record, server } = visit;
  const query = JSON.parse(body.toString('utf8')) as Query;
  record.body = query;
  record.operation = `graphql/${fieldOf(query)}`;
  const fate = await hub.faults.meet(record.operation);
  // Used-up points are an answer like any other here.
  if (fate.answer?.headers['x-ratelimit-remaining'] === '0') {
    fate.answer = {
      ...fate.answer,
      status: 200,
      body: { errors: [{ type: 'RATE_LIMITED', ...fate.answer.body }] },
    };
  }
  if (spoiled(fate, response, record)) return;
  if (!caller) return send(visit, response, 401, { message: 'Bad credentials' }, fate);
  const { result, problems } = await answerQuery(query, caller, hub.find, server);
  for (const problem of problems) hub.violations.push(`${record.operation}: ${problem}`);
  send(visit, response, 200, result, fate);
}

async function answerRest(visit: Visit, response: ServerResponse): Promise<void> {
  const { hub, path, query, body, record } = visit;
  const known = operationAt(record.method, path);
  if (!known) {
    hub.violations.push(
      `${record.method} ${path} is not among the operations of test/fixtures/github/openapi.json`,
    );
    return send(visit, response, 404, { message: 'Not Found' }, null);
  }
  const { operation, params } = known;
  record.operation = operation.id;
  record.body = body.length > 0 ? JSON.parse(body.toString('utf8')) : undefined;
  const named = Object.fromEntries(query);
  for (const problem of requestProblems(operation, named, record.body)) {
    hub.violations.push(`${operation.id}: ${problem}`);
  }
  const fate = await hub.faults.meet(operation.id);
  if (spoiled(fate, response, record)) return;
  try {
    const { status, body: answer, link } = paged(visit, await routed(visit, operation, params, named));
    const whole = completed(operation, status, answer);
    for (const problem of answerProblems(operation, status, whole)) {
      hub.violations.push(`the fake's answer ${status} to ${operation.id}: ${problem}`);
    }
    send(visit, response, status, whole, fate, link);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, message, errors } = error;
    const url = 'https://docs.github.com/rest';
    const refusal = {
      message,
      ...(errors ? { errors } : {}),
      documentation_url: url,
      status: String(status),
    };
    send(visit, response, status, refusal, fate);
  }
}

async function routed(
  { hub, caller, api, server, record }: Visit,
  { id }: Operation,
  params: Record<string, string>,
  query: Record<string, string>,
): Promise<Answer> {
  if (!caller) throw new Refusal(401, 'Bad credentials');
  if (id === 'users/get-authenticated') {
    if (caller.type === 'Bot') throw new Refusal(403, 'Resource not accessible by integration');
    return { status: 200, body: { ...userOf(caller) } };
  }
  if (id === 'rate-limit/get') return { status: 200, body: {} };
  const repo = hub.find(`${params.owner}/${params.repo}`);
  if (!repo) throw notFound();
  if (!may(caller, id)) throw new Refusal(403, 'Resource not accessible by integration');
  const route = ROUTES[id];
  if (!route) throw new Error(`the fake has no ${id}`);
  const body = (record.body ?? {}) as Record<string, unknown>;
  return route({ repo, caller, params, query, body, api, server });
}

/** One page of a list, with the link to the next one. */
function paged({ api, path, query }: Visit, answer: Answer): Answer & { link: string | null } {
  const { list } = answer;
  if (!list) return { ...answer, link: null };
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const page = Number(query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(list.length / size));
  const to = (number: number, rel: string) => {
    const next = new URLSearchParams(query);
    next.set('page', String(number));
    return `<${api}${path}?${next}>; rel="${rel}"`;
  };
  const link = page < last ? [to(page + 1, 'next'), to(last, 'last')].join(', ') : null;
  return { status: answer.status, body: list.slice((page - 1) * size, page * size), link };
}

/** Does a fault keep the request from being answered, or even looked at? */
function spoiled({ hang, reset, answer }: Fate, response: ServerResponse, record: Recorded): boolean {
  if (reset) response.socket?.resetAndDestroy();
  else if (answer && !hang) {
    record.status = answer.status;
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body));
  }
  return hang || reset || answer !== null;
}

function send(
  { record }: Visit,
  response: ServerResponse,
  status: number,
  body: unknown,
  fate: Fate | null,
  link: string | null = null,
): void {
  if (fate?.lost) {
    response.socket?.resetAndDestroy();
    return;
  }
  record.status = fate?.doneBut ?? status;
  const reset = String(Math.floor(Date.now() / 1000) + 3600);
  response.writeHead(record.status, {
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...{ 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '999', 'x-ratelimit-reset': reset },
    ...(link ? { link } : {}),
  });
  response.end(
    body === undefined ? undefined : JSON.stringify(fate?.doneBut ? { message: 'Server Error' } : body),
  );
}
