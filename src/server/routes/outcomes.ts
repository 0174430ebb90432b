import { errorText } from '../../lib/error-text.ts';
import { redact } from '../../lib/redact.ts';
import { json, refuse } from '../http/answers.ts';
import type { Request } from '../http/context.ts';
import type { Outcomes } from '../relay/outcomes.ts';
import { readParcel } from '../relay/parcel.ts';

/** Seconds after which an application tries again. */
const FULL_S = 1;
const AWAY_S = 2;

/**
 * Accepts a parcel of outcomes. 200: the database has it; `repeated`: it already had these sums. The code of any other
 * answer tells the sender what to do: `refused` never succeeds, `too_large` may succeed in halves, the others later.
 */
export async function takeOutcomes(
  c: Request,
  outcomes: Outcomes,
  log: (line: string) => void,
): Promise<Response> {
  const body = await bodyOf(c);
  if (body === undefined) return refuse(c, 400, 'unreadable', 'the body is not JSON', 'send all of it again');
  const read = readParcel(body);
  if ('problem' in read) {
    if (read.newer) return refuse(c, 409, 'relay_incompatible', read.problem, 'update the relay');
    return refuse(c, 422, 'refused', read.problem, 'see docs/anywhere.md for the fields');
  }
  const taken = await outcomes.take(read.parcel);
  switch (taken.as) {
    case 'recorded':
      return json(c, { id: read.parcel.id, ...(taken.repeated ? { repeated: true } : {}) });
    case 'refused':
      return refuse(c, 422, 'refused', redact(errorText(taken.error)));
    case 'too_large':
      return refuse(c, 413, 'too_large', 'the database takes no batch of this size', 'send it in halves');
    case 'full':
      c.header('retry-after', String(FULL_S));
      return refuse(c, 429, 'too_many_requests', 'more outcomes come than the database takes');
    case 'later':
    case 'away':
      log(`outcomes wait: ${redact(errorText(taken.error))}`);
      c.header('retry-after', String(AWAY_S));
      return refuse(c, 503, taken.as, 'the database does not take them now', 'send them again');
  }
}

/** An incomplete body is not valid JSON. Its sender still has all of it, so nothing needs to be given up. */
async function bodyOf(c: Request): Promise<unknown> {
  const text = await c.req.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
