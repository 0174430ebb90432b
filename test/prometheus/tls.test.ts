import { writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { metricEngineOf } from '../../src/compose/environment/prometheus.ts';
import { certificateFor } from '../helpers/http/certificate.ts';
import { temporaryFolder } from '../helpers/projects/git.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const EMPTY = '{"status":"success","data":{"resultType":"matrix","result":[]}}';

async function engineWith(options: ServerOptions): Promise<string> {
  const server = createServer(options, (_, response) => response.end(EMPTY));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const SECRET = 'prom-secret-4711';

/** What an engine at this address answers to a controller with these PEM texts and this token. */
async function asked(url: string, pem: { CA?: string; CERT?: string; KEY?: string }, token = SECRET) {
  const folder = await temporaryFolder();
  const files = Object.entries(pem).map(([name, text]) => ({ name, text, path: join(folder, name) }));
  for (const { path, text } of files) await writeFile(path, text);
  const environment = Object.fromEntries(
    files.map(({ name, path }) => [`ROLLOUT_PROMETHEUS_${name}_FILE`, path]),
  );
  return metricEngineOf({ ...environment, ROLLOUT_PROMETHEUS_URL: url, ROLLOUT_PROMETHEUS_TOKEN: token })
    .range('sum(x)', 300, 600, 300)
    .catch(({ name, message, forAll }) => {
      expect({ name, forAll }).toEqual({ name: 'EngineRefusal', forAll: true });
      expect(message).not.toContain(SECRET);
      return String(message).replace(/127\.0\.0\.1:\d+/, 'HOST');
    });
}

const own = certificateFor('127.0.0.1');
const other = certificateFor('prom.example');
const client = certificateFor('controller.example');
const CHECK = 'check user and password in ROLLOUT_PROMETHEUS_URL, its _TOKEN and _TENANT, and the PEM files';

describe('an engine over TLS', () => {
  it('an engine with a trusted, fitting certificate answers, also with the client certificate that it requires', async () => {
    expect(await asked(await engineWith(own), { CA: own.cert })).toEqual([]);
    const wanting = await engineWith({
      ...own,
      requestCert: true,
      rejectUnauthorized: true,
      ca: client.cert,
    });
    expect(await asked(wanting, { CA: own.cert, CERT: client.cert, KEY: client.key })).toEqual([]);
    expect(await asked(wanting, { CA: own.cert })).toMatch(
      /^the engine at HOST cannot be reached: (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED|ECONNRESET|EPIPE)$/,
    );
  });

  it.each<[string, ServerOptions, Parameters<typeof asked>[1], string]>([
    ['nobody vouches for', own, {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['another one vouches for', own, { CA: other.cert }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['is that of another host', other, { CA: other.cert }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('an engine with a certificate that %s is not asked', async (_, options, pem, code) => {
    expect(await asked(await engineWith(options), pem)).toBe(`the engine at HOST cannot be reached: ${code}`);
  });

  it.each<[string, Parameters<typeof asked>[1], string]>([
    ['is no PEM', { CERT: 'garbage', KEY: client.key }, 'ERR_OSSL_PEM_NO_START_LINE'],
    ['has the key of another', { CERT: client.cert, KEY: other.key }, 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'],
  ])(
    'asking the engine fails with an error in words when the client certificate %s',
    async (_, pem, code) => {
      expect(await asked(await engineWith(own), { CA: own.cert, ...pem })).toBe(
        `the engine at HOST cannot be asked: ${code}; ${CHECK}`,
      );
    },
  );

  it('asking the engine fails with an error in words when its token or user cannot be sent', async () => {
    const url = await engineWith(own);
    expect(await asked(url, { CA: own.cert }, `${SECRET}\n2`)).toBe(
      `the engine at HOST cannot be asked: ERR_INVALID_CHAR; ${CHECK}`,
    );
    expect(await asked(url.replace('//', `//%zz:${SECRET}@`), { CA: own.cert }, '')).toBe(
      `the engine at HOST cannot be asked: URIError; ${CHECK}`,
    );
  });

  it('an engine with TLS is not reached over plain HTTP', async () => {
    const url = await engineWith(own);
    expect(await asked(url.replace('https', 'http'), {})).toMatch(
      /cannot be reached: (ECONNRESET|HPE_INVALID_CONSTANT)$/,
    );
  });
});
