import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { withCertificateChecked } from '../../../src/store/db/ssl-mode.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { cli } from '../../helpers/processes/cli.ts';

const driver = createRequire(createRequire(import.meta.url).resolve('pg'));
const { parseIntoClientConfig } = driver('pg-connection-string') as {
  parseIntoClientConfig: (text: string) => { ssl?: unknown; password?: string };
};
const url = (query: string) => `postgresql://ada:p%3Fw@db.example.com:5432/app${query}`;

describe('the ssl mode of a connection string', () => {
  it.each([
    ['?sslmode=require', '?sslmode=verify-full'],
    ['?sslmode=prefer&application_name=x', '?sslmode=verify-full&application_name=x'],
    ['?connect_timeout=3&sslmode=verify-ca', '?connect_timeout=3&sslmode=verify-full'],
  ])('the connection parameters %s are read as %s, as the driver takes them', (given, meant) => {
    expect(withCertificateChecked(url(given))).toBe(url(meant));
    const { ssl, password } = parseIntoClientConfig(withCertificateChecked(url(given)));
    // An empty object: on, with Node's own checks of certificate and name.
    expect({ ...(ssl as object) }).toEqual({});
    expect(password).toBe('p?w');
  });

  it.each([
    '',
    '?sslmode=verify-full',
    '?sslmode=disable',
    '?sslmode=no-verify',
    '?sslmode=requires',
    '?uselibpqcompat=true&sslmode=require',
    '?sslmode=require&uselibpqcompat=true',
    '?application_name=sslmode=require',
  ])('the connection parameters %j are left unchanged', (query) => {
    expect(withCertificateChecked(url(query))).toBe(url(query));
  });

  it('no ssl mode makes a command warn, and a server without ssl is refused', async () => {
    const { connectionString } = await testDatabase();
    const required = new URL(connectionString);
    required.searchParams.set('sslmode', 'require');
    const { code, stdout, stderr } = await cli(['status'], { env: { DATABASE_URL: required.href } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: .*SSL.*\n {2}next: .*\n$/);
  });
});
