import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { EngineRefusal } from '../domain/guardrails/engine-refusal.ts';

/** Address of an engine, and credentials. Everything except the host is a secret. */
export interface EngineAddress {
  url: URL;
  token: string | null;
  /** Tenant of Mimir and Cortex; null: no tenants. */
  tenant: string | null;
  /** PEM texts. */
  tls: { ca?: string; cert?: string; key?: string };
  timeoutMs: number;
}

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | undefined>>;
  text: string;
}

/** Bytes of an answer, more than a day of 5-minute steps of 1,000 series needs. */
const LARGEST_BODY = 32 * 1_048_576;

/**
 * Posts a query as a form, because it may be longer than an address may be. Throws EngineRefusal without a connection,
 * if the answer is not complete in time, and if it is too large.
 */
export function ask(engine: EngineAddress, path: string, fields: Record<string, string>): Promise<Answer> {
  const { url, timeoutMs } = engine;
  const body = new URLSearchParams(fields).toString();
  const target = new URL(`${url.pathname.replace(/\/+$/, '')}${path}`, url.origin);
  return new Promise((resolve, reject) => {
    const fail = (why: string, forAll = true) => {
      reject(new EngineRefusal(`the engine at ${url.host} ${why}`, { forAll }));
      request.destroy();
    };
    const request = begun(engine, target, body.length, (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > LARGEST_BODY) fail(`answered more than ${LARGEST_BODY / 1_048_576} MB`, false);
        else parts.push(part);
      });
      response.on('error', () => fail('broke off its answer'));
      response.on('aborted', () => fail('broke off its answer'));
      response.on('end', () => {
        clearTimeout(timer);
        const plain = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(plain) as Answer['headers'],
          text: Buffer.concat(parts).toString('utf8'),
        });
      });
    });
    const timer = setTimeout(() => fail(`did not answer within ${timeoutMs / 1_000} s`), timeoutMs);
    request.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      fail(`cannot be reached: ${error.code ?? 'no connection'}`);
    });
    request.on('close', () => clearTimeout(timer));
    request.end(body);
  });
}

/** Starts the request. Throws EngineRefusal if a secret or a certificate of the environment is unusable. */
function begun(
  { url, token, tenant, tls }: EngineAddress,
  target: URL,
  length: number,
  answered: (response: IncomingMessage) => void,
): ClientRequest {
  try {
    const authorization = token === null ? basicOf(url) : `Bearer ${token}`;
    const headers = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(length),
      ...(authorization === null ? {} : { authorization }),
      ...(tenant === null ? {} : { 'x-scope-orgid': tenant }),
    };
    const options = { method: 'POST', headers, agent: false, ...tls } as const;
    return (target.protocol === 'https:' ? tlsRequest : plainRequest)(target, options, answered);
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    const check =
      'check user and password in ROLLOUT_PROMETHEUS_URL, its _TOKEN and _TENANT, and the PEM files';
    throw new EngineRefusal(`the engine at ${url.host} cannot be asked: ${code ?? name}; ${check}`, {
      forAll: true,
    });
  }
}

function basicOf({ username, password }: URL): string | null {
  if (username === '') return null;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
