import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gitEnvironment } from '../projects/git.ts';
import { type Caller, may } from './caller.ts';
import { type Hosted, settlePulls } from './state.ts';

/** `/acme/shop.git/info/refs` */
const PATH = /^\/([^/]+\/[^/]+?)(?:\.git)?(\/(?:info\/refs|git-(?:upload|receive)-pack))$/;

/** Is this a request of git itself? Then the repository's name and the rest of the path. */
export function gitRequest(path: string): { name: string; rest: string } | null {
  const [, name, rest] = PATH.exec(path) ?? [];
  return name && rest ? { name, rest } : null;
}

/** Answers git's own protocol by `git http-backend`, which is what git ships for it. */
export async function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  { repo, caller, rest, query }: { repo: Hosted; caller: Caller | null; rest: string; query: string },
): Promise<number> {
  const writes = rest === '/git-receive-pack' || query.includes('service=git-receive-pack');
  const allowed = caller ? may(caller, writes ? 'git:write' : 'git:read') : !writes && !repo.private;
  if (!allowed) {
    const status = caller ? 403 : 401;
    response.writeHead(status, caller ? {} : { 'www-authenticate': 'Basic realm="GitHub"' });
    response.end(caller ? 'Write access to repository not granted.' : 'Repository not found.');
    return status;
  }
  const { status, headers, content } = await backend(request, body, repo, caller, rest, query);
  if (writes) await settlePulls(repo);
  response.writeHead(status, headers);
  response.end(content);
  return status;
}

interface CgiAnswer {
  status: number;
  headers: Record<string, string>;
  content: Buffer;
}

function backend(
  request: IncomingMessage,
  body: Buffer,
  repo: Hosted,
  caller: Caller | null,
  rest: string,
  query: string,
): Promise<CgiAnswer> {
  const env = {
    ...{
      PATH: process.env.PATH,
      ...gitEnvironment,
      GIT_PROJECT_ROOT: repo.bare.dir,
      GIT_HTTP_EXPORT_ALL: '1',
    },
    ...{ PATH_INFO: rest, QUERY_STRING: query, REQUEST_METHOD: request.method },
    ...{ CONTENT_TYPE: request.headers['content-type'], REMOTE_USER: caller?.login ?? '' },
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
  };
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['http-backend'], { env });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', () => resolve(parsed(Buffer.concat(chunks))));
    child.stdin.on('error', () => {});
    child.stdin.end(body);
  });
}

function parsed(output: Buffer): CgiAnswer {
  const end = output.indexOf('\r\n\r\n');
  const headers: Record<string, string> = {};
  for (const line of output.subarray(0, end).toString('latin1').split('\r\n')) {
    const [name = '', ...value] = line.split(':');
    headers[name.toLowerCase()] = value.join(':').trim();
  }
  const { status, ...rest } = headers;
  return { status: Number(status?.slice(0, 3) ?? 200), headers: rest, content: output.subarray(end + 4) };
}
