import { describe, expect, it } from 'vitest';
import { refuseMalformed, refuseUnset } from '../../../src/compose/environment/database-server.ts';
import { openPool } from '../../../src/store/db/client.ts';

describe('DATABASE_URL', () => {
  it.each([
    'postgresql://app:secret@db.internal:5432/app',
    'postgres://db/app?sslmode=verify-full',
    'postgresql://app:a%40b%2Fc@db/app',
    'postgresql://app:secret@/app?host=/var/run/postgresql',
    'postgresql:///app?host=/var/run/postgresql&user=app',
  ])('DATABASE_URL may be %s', (url) => {
    expect(() => refuseMalformed(url)).not.toThrow();
  });

  it.each([
    ['mysql://app@db/app', 'is not a PostgreSQL URL'],
    ['host=db user=app', 'is not a PostgreSQL URL'],
    ['postgresql://app:se/cret@db/app', 'is not a PostgreSQL URL'],
    ['postgresql://app:se#cret@db/app', 'is not a PostgreSQL URL'],
    ['db.internal', 'is not a PostgreSQL URL'],
    ['postgresql:///?service=prod', 'names a service, and service files are not read'],
    ['postgresql://app:secret@one,two/app', 'names several hosts, and one is supported'],
  ])('DATABASE_URL may not be %s, and the refusal does not repeat its value', (url, message) => {
    let refusal: unknown;
    try {
      refuseMalformed(url);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({
      code: 'usage',
      message: `DATABASE_URL ${message}`,
      hint: expect.any(String),
    });
    expect(JSON.stringify(refusal)).not.toContain('cret');
  });

  it('a DATABASE_URL without a host connects to the socket that it names', async () => {
    const pool = openPool('postgresql://app:secret@/app?host=/nowhere/at/all');
    await expect(pool.query('select')).rejects.toMatchObject({
      code: 'database_unreachable',
      message: expect.stringContaining('/nowhere/at/all'),
    });
    await pool.end();
  });
});

describe('no database', () => {
  it.each([
    [{ DATABASE_URL: '' }, 'DATABASE_URL is set and empty'],
    [{ DATABASE_URL: '  ' }, 'DATABASE_URL is set and empty'],
    [{ PGSERVICE: 'prod' }, 'PGSERVICE is set, and service files are not read'],
  ])(
    'the environment %j is refused, because it asks for a database without naming one',
    (environment, message) => {
      expect(() => refuseUnset(environment)).toThrow(message);
    },
  );

  it.each([{}, { PGSERVICE: '' }, { PGHOST: 'db' }])(
    'the embedded database is used where the environment is %j',
    (environment) => {
      expect(() => refuseUnset(environment)).not.toThrow();
    },
  );
});
