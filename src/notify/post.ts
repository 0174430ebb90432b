import type { Message } from './message.ts';

const TIMEOUT_MS = 5_000;

/**
 * Posts JSON. The key is in the header `Idempotency-Key`, because a message may come twice. Throws if the receiver did
 * not accept it, with the `status` of its response if there was one.
 *
 * URL and token are secrets: errors contain only the host.
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

/**
 * Requests a URL and returns its response without the body. Throws, naming `whose` it is, if there is none within 5 s.
 */
export async function answerOf(whose: string, url: string, request: RequestInit): Promise<Response> {
  try {
    const { address, authorization } = withoutCredentials(url);
    const headers = new Headers(request.headers);
    if (authorization !== null && !headers.has('authorization')) headers.set('authorization', authorization);
    const response = await fetch(address, {
      ...request,
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      // Not followed: a redirect could send a message anywhere.
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

/**
 * Separates the credentials of `https://user:password@host`, used by receivers with basic authentication: fetch rejects
 * such an address.
 */
function withoutCredentials(url: string): { address: URL; authorization: string | null } {
  const address = new URL(url);
  const { username, password } = address;
  if (username === '' && password === '') return { address, authorization: null };
  address.username = '';
  address.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { address, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
