import type { Message } from './message.ts';

const TIMEOUT_MS = 5_000;

/**
 * Posts JSON. The key stands in the header `Idempotency-Key`, because a message may come twice. Throws where the
 * receiver did not take it, with the `status` of its answer where there was one.
 *
 * URL and token are secrets: no error names more of it than its host.
 */
export async function post(
  url: string,
  { key }: Pick<Message, 'key'>,
  body: unknown,
  token: string | null = null,
): Promise<void> {
  const { ok, status } = await answerOf('the webhook', url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (!ok) throw Object.assign(new Error(`the webhook answered ${status}`), { status });
}

/** The answer of a URL without its body. Throws, naming `whose` it is, where there is none within 5 s. */
export async function answerOf(whose: string, url: string, request: RequestInit): Promise<Response> {
  try {
    const { address, authorization } = withoutCredentials(url);
    const headers = new Headers(request.headers);
    if (authorization !== null && !headers.has('authorization')) headers.set('authorization', authorization);
    const response = await fetch(address, {
      ...request,
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      // Not followed: it could lead a message anywhere.
      redirect: 'error',
    });
    await response.body?.cancel();
    return response;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
    const why =
      error instanceof Error && error.name === 'TimeoutError'
        ? 'no answer within 5 s'
        : cause || 'no connection';
    throw new Error(`${whose} at ${new URL(url).host} could not be reached: ${why}`);
  }
}

/** `https://user:password@host`, as receivers behind basic authentication have it: fetch refuses such an address. */
function withoutCredentials(url: string): { address: URL; authorization: string | null } {
  const address = new URL(url);
  const { username, password } = address;
  if (username === '' && password === '') return { address, authorization: null };
  address.username = '';
  address.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { address, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
