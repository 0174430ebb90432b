import type { Caller } from './caller.ts';
import type { Hosted } from './state.ts';

/** One request, understood. */
export interface Call {
  repo: Hosted;
  caller: Caller;
  /** Values in the path. */
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  body: Readonly<Record<string, unknown>>;
  /** What URLs in answers begin with: of the interface and of the pages. */
  api: string;
  server: string;
}

export interface Answer {
  status: number;
  body?: unknown;
  /** The whole list, of which one page is answered. */
  list?: readonly unknown[];
}

export type Routes = Readonly<Record<string, (call: Call) => Promise<Answer> | Answer>>;

/** An answer that says no. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: unknown[] | undefined;

  constructor(status: number, message: string, errors?: unknown[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

/** What was looked for, or 404. */
export function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw notFound();
  return value;
}

export function textIn(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
}

/** `https://host/repos/acme/shop` */
export function repoUrl({ api, repo }: Pick<Call, 'api' | 'repo'>): string {
  return `${api}/repos/${repo.owner}/${repo.name}`;
}

/** `https://host/acme/shop` */
export function pageUrl({ server, repo }: Pick<Call, 'server' | 'repo'>): string {
  return `${server}/${repo.owner}/${repo.name}`;
}
