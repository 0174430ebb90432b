import { RolloutError } from '../../errors.ts';
import { type Settings, settingsOf } from '../host/settings.ts';
import type { HttpRolloutOptions } from './api.ts';

/** The options of a library that follows a relay, with every default filled in. */
export interface HttpSettings extends Settings {
  /** Address with a trailing slash. */
  url: URL;
  token: string | null;
  writeToken: string | null;
  stream: boolean;
  fetch: typeof fetch;
}

/** Throws `usage` for invalid options. */
export function httpSettingsOf(options: HttpRolloutOptions): HttpSettings {
  return {
    ...settingsOf(options, { pollMs: 5_000 }),
    url: addressOf(options.url),
    token: tokenOf('token', options.token),
    writeToken: tokenOf('writeToken', options.writeToken),
    stream: options.stream ?? true,
    // Called on the global object at call time, so that a later replacement by the host is used.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
  };
}

function addressOf(text: string | undefined): URL {
  const hint = 'give it { url: process.env.ROLLOUT_URL }, the address of rollout serve';
  if (typeof text !== 'string' || text === '') {
    throw new RolloutError('usage', 'createRollout was given no url', { hint });
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new RolloutError('usage', 'the url of createRollout is not the address of a server', { hint });
  }
  if (url.username !== '' || url.password !== '') {
    throw new RolloutError('usage', 'the url of createRollout holds a user or a password', {
      hint: 'hand the token over as { url, token }',
    });
  }
  url.pathname = url.pathname.replace(/\/*$/, '/');
  url.search = '';
  url.hash = '';
  return url;
}

function tokenOf(name: string, token: string | undefined): string | null {
  if (token === undefined || token === '') return null;
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new RolloutError('usage', `${name} of createRollout has characters that no header can carry`);
}
