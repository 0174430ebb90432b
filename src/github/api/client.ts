import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { RolloutError } from '../../errors.ts';
import { explained, limited, limitOf } from './failure.ts';
import type { Address, Limits, Surroundings } from './surroundings.ts';

/** Automatic retries of reads; writes are never retried, because only their answer may have been lost. */
const RETRIES = 2;

/** For writes: never sent again before their effect was checked. */
export const ONCE = { request: { retries: 0 } };

/** Response of a GraphQL request. */
export interface GraphqlAnswer<T> {
  data: T | null;
  errors: { type: string; message: string }[];
}

/** A client of GitHub with limited waiting. */
export interface Client {
  owner: string;
  repo: string;
  /** Address of the repository's page. */
  page: string;
  surroundings: Surroundings;
  limits: Limits;
  /** Milliseconds left of the present call. */
  left: () => number;
  rest: Octokit['rest'];
  /** Returns all pages of a list, one after another, until `enough`. */
  pages<T>(list: AsyncIterable<{ data: T[] }>, enough?: (all: readonly T[]) => boolean): Promise<T[]>;
  paginate: Octokit['paginate'];
  graphql<T>(query: string, variables: Record<string, unknown>): Promise<GraphqlAnswer<T>>;
  /**
   * Runs one call: all its requests share one time limit, and its errors are explained. After a slow failure, or if
   * GitHub asks for a pause, calls fail at once for a while, because a tick has more to do.
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
  // Waits once for GitHub's requested pause, if it fits into the remaining time.
  const waits = (seconds: number, _options: unknown, _octokit: unknown, before: number) =>
    before < 1 && seconds * limits.second < left();
  // Writes are few and sequential; the plugin's seconds between writes would only delay a stop.
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
  // Requests without their own options share one object, in which the plugin counts attempts: each failure would wait
  // longer than the one before, even of other requests.
  octokit.hook.before('request', (options) => {
    options.request = { ...options.request };
  });
  return octokit;
}

/**
 * Once the hour's points are used up, GraphQL answers with status 200, which the plugin throws; the answer is in the
 * error.
 */
function usedUp(error: unknown): { data: unknown; headers: Record<string, string | number | undefined> } {
  if (error instanceof Error && !('status' in error) && 'response' in error) {
    return error.response as { data: unknown; headers: Record<string, string> };
  }
  throw error;
}

function silent(): void {}

/** Following the redirect would turn a write into a read that looks like a success. */
function renamed(): Response {
  const message = 'the repository has another name now; set GITHUB_REPOSITORY to that';
  return Response.json({ message }, { status: 410 });
}

/** Fetches within a time limit: returns the whole answer, or throws. */
function fetchWithin(limits: Limits, left: () => number): typeof fetch {
  return async (input, init) => {
    const time = Math.min(limits.request, left());
    // Octokit does not retry an error with this name.
    if (time <= 0) throw Object.assign(new Error('no answer in time'), { name: 'AbortError' });
    const signal = AbortSignal.timeout(time);
    try {
      const reads = init?.method === undefined || init.method === 'GET';
      const response = await fetch(input, { ...init, signal, redirect: reads ? 'follow' : 'manual' });
      if (!reads && response.status >= 300 && response.status < 400) return renamed();
      // Read here, because an interrupted body would otherwise be taken for an empty one.
      const body = await response.arrayBuffer();
      const { status, statusText, headers } = response;
      return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
    } catch (error) {
      throw signal.aborted ? new Error(`no answer within ${time} ms`, { cause: error }) : error;
    }
  };
}
