import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { metricEngineOf } from '../../src/compose/environment/prometheus.ts';
import { prometheusEngine } from '../../src/prometheus/engine.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const SECRET = 'prom-secret-4711';
const ask = (url: string, timeoutMs = 5_000) =>
  prometheusEngine({ url: new URL(url), token: SECRET, tenant: 'shop', tls: {}, timeoutMs })
    .range('sum(x)', 300, 600, 300)
    .catch((error: Error) => error);
const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const matrix = (result: unknown) => ({ status: 'success', data: { resultType: 'matrix', result } });

describe('an engine', () => {
  it('the engine is asked for closed steps with token, tenant and time limit, by a request that writes nothing', async () => {
    const asked: string[] = [];
    const url = await serve(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      asked.push(
        `${request.method} ${request.url} ${request.headers.authorization} ${request.headers['x-scope-orgid']} ${body}`,
      );
      response.end(JSON.stringify(matrix([{ metric: { arm: 'control' }, values: [[300, '1.5']] }])));
    });
    expect(await ask(`${url}/prom/`)).toEqual([{ labels: { arm: 'control' }, points: [[300, '1.5']] }]);
    expect(asked).toEqual([
      `POST /prom/api/v1/query_range Bearer ${SECRET} shop query=sum%28x%29&start=300&end=600&step=300&timeout=5s`,
    ]);
  });

  it.each<[string, RequestListener, RegExp]>([
    ['401', answering(401, ''), /answered 401; check ROLLOUT_PROMETHEUS_TOKEN/],
    ['403', answering(403, ''), /answered 403; check ROLLOUT_PROMETHEUS_TOKEN/],
    [
      'a redirect',
      answering(302, '', { location: 'http://127.0.0.1:1/' }),
      /302, a redirect, which is not followed/,
    ],
    ['500', answering(500, { status: 'error', error: 'out of memory' }), /answered 500: out of memory/],
    ['a bad query', answering(400, { status: 'error', error: 'parse error' }), /answered 400: parse error/],
    ['a page', answering(200, '<html>'), /did not answer with JSON/],
    [
      'a vector',
      answering(200, { status: 'success', data: { resultType: 'vector', result: [] } }),
      /answered vector, not a matrix/,
    ],
    [
      'a part',
      answering(200, { ...matrix([]), warnings: ['a store is away'] }),
      /answered in part: a store is away/,
    ],
    [
      'a series without labels',
      answering(200, matrix([{ values: [] }])),
      /a series without labels or values/,
    ],
    [
      'a value without a time',
      answering(200, matrix([{ metric: {}, values: [['1']] }])),
      /a value without a time/,
    ],
    ['a connection that is cut', (_, response) => void response.destroy(), /cannot be reached: ECONNRESET/],
  ])('an engine that answers %s gives an error in words without the token', async (_, listener, message) => {
    const error = (await ask(await serve(listener))) as Error;
    expect(error.message).toMatch(message);
    expect(JSON.stringify(error) + error.message).not.toContain(SECRET);
  });

  // By its own clock, which is years away from this machine's.
  const date = 'Sun, 06 Nov 1994 08:49:37 GMT';
  it.each([
    ['429 with seconds', 429, { 'retry-after': '90' }, 90],
    ['503 with seconds', 503, { 'retry-after': '12' }, 12],
    ['429 with a week', 429, { 'retry-after': '604800' }, 3_600],
    ['429 with more seconds than a number has', 429, { 'retry-after': '9'.repeat(400) }, 3_600],
    ['503 without', 503, {}, 0],
    ['429 with nothing to wait for', 429, { 'retry-after': '0' }, 0],
    ['429 with a date', 429, { date, 'retry-after': 'Sun, 06 Nov 1994 08:50:07 GMT' }, 30],
    ['503 with a date as RFC 850 has it', 503, { date, 'retry-after': 'Sunday, 06-Nov-94 08:50:07 GMT' }, 30],
    ['503 with a date of asctime', 503, { date, 'retry-after': 'Sun Nov  6 08:50:07 1994' }, 30],
    ['429 with a date a year on', 429, { date, 'retry-after': 'Mon, 06 Nov 1995 08:49:37 GMT' }, 3_600],
    ['503 with a date that is over', 503, { date, 'retry-after': 'Sun, 06 Nov 1994 08:00:00 GMT' }, 0],
    ['429 with a date and no time of its own', 429, { date: '-', 'retry-after': date }, 0],
    ['503 with a negative number', 503, { 'retry-after': '-5' }, 0],
    ['429 with a fraction', 429, { 'retry-after': '1.5' }, 0],
    // Date.parse takes both for a date.
    ['429 with a year in words', 429, { date, 'retry-after': 'soon 2099' }, 0],
    ['503 with a day that is no date', 503, { date, 'retry-after': '2099-01-01' }, 0],
  ])('an engine that answers %s is asked again after its pause', async (_, status, headers, seconds) => {
    const url = await serve(answering(status, '', headers));
    expect(await ask(url)).toMatchObject({ retryAfterSeconds: seconds, forAll: true });
  });

  it('an engine that never finishes its answer is given up', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200);
      response.write('{');
    });
    expect(((await ask(url, 300)) as Error).message).toMatch(/did not answer within 0\.3 s/);
  });

  it('an endless answer of an engine is cut off at 32 MB', async () => {
    const part = ' '.repeat(1_048_576);
    const url = await serve((_, response) => {
      const more = (): void => {
        while (response.write(part));
        response.once('drain', more);
      };
      more();
    });
    expect(((await ask(url, 20_000)) as Error).message).toMatch(/answered more than 32 MB/);
  });

  it('the error about an unreachable or unset engine names only its host or the variable', async () => {
    expect(((await ask('http://user:hidden@127.0.0.1:1')) as Error).message).toBe(
      'the engine at 127.0.0.1:1 cannot be reached: ECONNREFUSED',
    );
    const refused = (environment: Record<string, string>) =>
      metricEngineOf(environment)
        .range('x', 0, 300, 300)
        .catch((error: Error) => error.message);
    expect(await refused({})).toBe('ROLLOUT_PROMETHEUS_URL is not set for the controller');
    expect(await refused({ ROLLOUT_PROMETHEUS_URL: 'prom:9090' })).toMatch(
      /is not a URL that begins with http/,
    );
    expect(
      await refused({ ROLLOUT_PROMETHEUS_URL: 'https://prom', ROLLOUT_PROMETHEUS_CA_FILE: '/nowhere' }),
    ).toBe('ROLLOUT_PROMETHEUS_CA_FILE names a file that cannot be read');
  });
});
