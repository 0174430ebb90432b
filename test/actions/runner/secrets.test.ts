import { expect, it } from 'vitest';
import { secretsIn } from '../../../src/actions/runner/secrets.ts';

it.each([
  ['postgresql://app:hunter2@db/app', ['hunter2']],
  ['postgresql://app:a%40b@db/app', ['a%40b', 'a@b']],
  ['postgresql://db/app?user=app&password=hun%20ter', ['hun%20ter', 'hun ter']],
  ['postgresql://db/app?sslmode=require&sslpassword=k3y', ['k3y']],
  ['postgresql://app:hunter2@/app?host=/var/run/postgresql', ['hunter2']],
  ['postgresql://app@db/app', []],
])('every form of the password in %s is masked in the log', (url, passwords) => {
  expect(new Set(secretsIn(url, 'ghs_token'))).toEqual(new Set([url, 'ghs_token', ...passwords]));
});
