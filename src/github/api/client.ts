import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { RolloutError } from '../../errors.ts';
import { explained, limited, limitOf } from './failure.ts';
import type { Address, Limits, Surroundings } from './surroundings.ts';

/** Reads are tried this often again by themselves; writes never, because their answer may only have been lost. */
const RETRIES = 2;

/** For a write: it is never sent again before it was looked at what it did. */
export const ONCE = { request: { retries: 0 } };

/** What a GraphQL request comes to. */
export interface GraphqlAnswer<T> {
  data: T | null;
  errors: { type: string; message: string }[];
}

/** GitHub, asked with patience that ends. */
export interface Client {
  owner: string;
  repo: string;
  /** Address of the repository's page. */
  page: string;
  surroundings: Surroundings;
  limits: Limits;
  /** Milliseconds that the present call has left. */
  left: () => number;
  rest: Octokit['rest'];
  /** All pages of a list, one after another, until `enough`. */
  pages<T>(list: AsyncIterable<{ data: T[] }>, enough?: (all: readonly T[]) => boolean): Promise<T[]>;
  paginate: Octokit['paginate'];
  graphql<T>(query: string, variables: Record<string, unknown>): Promise<GraphqlAnswer<T>>;
  /**
   * One call of the room: everything asked in it shares one time limit, and what it throws is explained. After a
   * failure that was long in coming, or where GitHub wants to be left alone, calls fail at once for a while: a tick
   * has more to do.
   */
  call<T>(doing: string, work: () => Promise<T>): Promise<T>;
}

export function openClient(address: Address, surroundings: Surroundings, limits: Limits): Client {
  const { owner, repo, server } = address;
  const { now } = surroundings;
  let calls = 0;
  let deadline = 0;
  let away: { until: number; because: RolloutError } | null = null;
  const left = () => deadline - now();
  const octokit = octokitOf(address, limits, left);

  async function call<T>(doing: string, work: () => Promise<T>): Promise<T> {
    if (away && now() < away.until) throw away.because;
    if (calls === 0) deadline = now() + limits.call;
    calls += 1;
    const began = now();
    try {
      return await work();
    } catch (error) {
      const seconds = limitOf(error, now());
      const told = explained(error, doing, now());
      const slow =
        told instanceof RolloutError && told.code === 'github_unreachable' && now() - began >= limits.request;
      if (told instanceof RolloutError && (slow || told.code === 'github_limited')) {
        away = { until: now() + (seconds === null ? limits.call : seconds * limits.second), because: told };
      }
      throw told;
    } finally {
      calls -= 1;
    }
  }

  return {
    owner,
    repo,
    page: `${server}/${owner}/${repo}`,
    surroundings,
    limits,
    left,
    call,
    rest: octokit.rest,
    paginate: octokit.paginate,
    async pages(list, enough = () => false) {
      const all = [];
      for await (const { data } of list) {
        all.push(...data);
        if (enough(all)) break;
      }
      return all;
    },
    async graphql<T>(query: string, variables: Record<string, unknown>) {
      const asked = { method: 'POST' as const, url: address.graphql, query, variables, ...ONCE };
      const { data, headers } = await octokit.request(asked).catch(usedUp);
      const answer = data as Partial<GraphqlAnswer<T>>;
      const errors = answer.errors ?? [];
      if (errors.some(({ type }) => type === 'RATE_LIMITED')) {
        const reset = Number(headers['x-ratelimit-reset'] ?? 0) - now() / 1000;
        throw limited('asking GitHub', Math.max(1, Math.ceil(reset) + 1), now());
      }
      return { data: answer.data ?? null, errors };
    },
  };
}

function octokitOf({ api, token }: Address, limits: Limits, left: () => number): Octokit {
  // What GitHub asks to wait for is waited for once, where it fits into the time that is left.
  const waits = (seconds: number, _options: unknown, _octokit: unknown, before: number) =>
    before < 1 && seconds * limits.second < left();
  // We write little and one after another; the plugin's seconds between writes would only slow a stop down.
  const atOnce = { key: () => ({ schedule: async (_options: unknown, work: () => unknown) => work() }) };
  const unspaced: object = { write: atOnce, notifications: atOnce };
  const Patient = Octokit.plugin(retry, throttling);
  const octokit = new Patient({
    auth: token,
    baseUrl: api,
    userAgent: 'rollout-controller',
    log: { debug: silent, info: silent, warn: silent, error: silent },
    request: { fetch: fetchWithin(limits, left) },
    retry: { retries: RETRIES, retryAfterBaseValue: limits.second },
    throttle: {
      ...unspaced,
      retryAfterBaseValue: limits.second,
      onRateLimit: waits,
      onSecondaryRateLimit: waits,
    },
  });
  // Requests without options of their own share one object, in which the plugin counts attempts: each failure would
  // wait longer than the one before, whatever it asked for.
  octokit.hook.before('request', (options) => {
    options.request = { ...options.request };
  });
  return octokit;
}

/** The plugin throws what GraphQL answers with 200 when the hour's points are used up; the answer is in it. */
function usedUp(error: unknown): { data: unknown; headers: Record<string, string | number | undefined> } {
  if (error instanceof Error && !('status' in error) && 'response' in error) {
    return error.response as { data: unknown; headers: Record<string, string> };
  }
  throw error;
}

function silent(): void {}

/** Following it would turn a write into a read that looks as if it had been done. */
function renamed(): Response {
  const message = 'the repository has another name now; set GITHUB_REPOSITORY to that';
  return Response.json({ message }, { status: 410 });
}

/** A request that ends in time: with its whole answer, or with an error. */
function fetchWithin(limits: Limits, left: () => number): typeof fetch {
  return async (input, init) => {
    const time = Math.min(limits.request, left());
    // By this name octokit knows that trying again is of no use.
    if (time <= 0) throw Object.assign(new Error('no answer in time'), { name: 'AbortError' });
    const signal = AbortSignal.timeout(time);
    try {
      const reads = init?.method === undefined || init.method === 'GET';
      const response = await fetch(input, { ...init, signal, redirect: reads ? 'follow' : 'manual' });
      if (!reads && response.status >= 300 && response.status < 400) return renamed();
      // Read here, because a body that stops half way would otherwise be taken for an empty one.
      const body = await response.arrayBuffer();
      const { status, statusText, headers } = response;
      return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
    } catch (error) {
      throw signal.aborted ? new Error(`no answer within ${time} ms`, { cause: error }) : error;
    }
  };
}
