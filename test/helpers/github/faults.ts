import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong. */
export type Trouble =
  /** This answer instead of the right one; nothing is done. */
  | { status: number; message?: string; headers?: Record<string, string> }
  /** The right answer, so many milliseconds later. */
  | { delay: number }
  /** Never an answer; the request is taken and nothing is done. */
  | { hang: true }
  /** The connection is cut before anything is done. */
  | { reset: true }
  /** It is done, and the connection is cut before the answer. */
  | { lost: true }
  /** It is done, and the answer says this. */
  | { done_but: number }
  /** Done first, such as a person's commit that races ours. */
  | { before: () => Promise<unknown> }
  /** `primary`: the hour's requests are used up; `secondary`: too many at a time. Both until so many seconds from now. */
  | { limit: 'primary' | 'secondary'; seconds: number };

/** A trouble, when it comes and how often. */
export type Fault = Trouble & {
  /**
   * An operation of REST by its id (`pulls/create`), a field of GraphQL (`graphql/createCommitOnBranch`), the
   * git protocol (`git`), or `*` for everything.
   */
  on: string;
  /** Default 1. */
  times?: number;
  /** Only after so many other requests of that operation; default 0. */
  after?: number;
};

/** What the server is to do with a request. */
export interface Fate {
  answer: { status: number; body: object; headers: Record<string, string> } | null;
  hang: boolean;
  reset: boolean;
  lost: boolean;
  doneBut: number | null;
}

/** Faults that wait for their request. */
export function faultList() {
  let waiting: { fault: Fault; left: number; skip: number }[] = [];
  return {
    add(fault: Fault): void {
      waiting.push({ fault, left: fault.times ?? 1, skip: fault.after ?? 0 });
    },
    clear(): void {
      waiting = [];
    },
    /** Takes the faults of one request, waits and does first what they say. */
    async meet(operation: string): Promise<Fate> {
      const fate: Fate = { answer: null, hang: false, reset: false, lost: false, doneBut: null };
      const hit = waiting.filter(({ fault }) => fault.on === '*' || fault.on === operation);
      for (const one of hit) {
        if (one.skip > 0) {
          one.skip -= 1;
          continue;
        }
        one.left -= 1;
        if (one.left <= 0) waiting = waiting.filter((other) => other !== one);
        await suffer(one.fault, fate);
      }
      return fate;
    },
  };
}

async function suffer(fault: Fault, fate: Fate): Promise<void> {
  if ('delay' in fault) await sleep(fault.delay);
  else if ('before' in fault) await fault.before();
  else if ('hang' in fault) fate.hang = true;
  else if ('reset' in fault) fate.reset = true;
  else if ('lost' in fault) fate.lost = true;
  else if ('done_but' in fault) fate.doneBut = fault.done_but;
  else if ('limit' in fault) fate.answer = limited(fault.limit, fault.seconds);
  else
    fate.answer = {
      status: fault.status,
      body: { message: fault.message ?? 'Server Error' },
      headers: fault.headers ?? {},
    };
}

function limited(limit: 'primary' | 'secondary', seconds: number): Fate['answer'] {
  if (limit === 'secondary') {
    const message =
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
    return { status: 403, body: { message }, headers: { 'retry-after': String(seconds) } };
  }
  const reset = Math.floor(Date.now() / 1000) + seconds;
  return {
    status: 403,
    body: { message: 'API rate limit exceeded for installation ID 1.' },
    headers: {
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(reset),
    },
  };
}
