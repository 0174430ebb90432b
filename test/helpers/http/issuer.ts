import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { atEnd } from '../run/at-end.ts';

type Answer = { status?: number; headers?: Record<string, string>; body: string };

/** An OpenID Connect issuer on loopback, with one key. */
export interface TestIssuer {
  url: string;
  /** What it answers under a path, instead of what it should; null: again what it should. */
  answer(path: 'openid-configuration' | 'keys', answer: Answer | null): void;
  /** How often its keys were asked for. */
  asked(): number;
  /** A token of it; `claims` lie over what a good one has, and undefined takes a claim out. */
  token(claims?: JWTPayload, with_?: { key?: 'foreign' }): Promise<string>;
  /** The public key as an attacker knows it. */
  publicKey(): Promise<JWK>;
}

const AUDIENCE = 'rollout';

export async function testIssuer(): Promise<TestIssuer> {
  const [own, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const instead = new Map<string, Answer>();
  let asked = 0;
  const server = createServer(({ url = '' }, response) => {
    const path = url.split('/').at(-1) ?? '';
    if (path === 'keys') asked += 1;
    const good: Record<string, object> = {
      'openid-configuration': { issuer: address, jwks_uri: `${address}/keys` },
      keys: { keys: [jwk] },
    };
    const {
      status = 200,
      headers = {},
      body,
    } = instead.get(path) ?? { body: JSON.stringify(good[path] ?? {}) };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  atEnd(() => server.close());
  return {
    url: address,
    answer: (path, answer) => void (answer === null ? instead.delete(path) : instead.set(path, answer)),
    asked: () => asked,
    token: (claims = {}, with_ = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: address, aud: AUDIENCE, sub: 'ada', iat: now, exp: now + 600, ...claims };
      const key = with_.key === 'foreign' ? foreign.privateKey : own.privateKey;
      return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);
    },
    publicKey: async () => jwk,
  };
}
