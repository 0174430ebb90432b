import { expect, it } from 'vitest';
import { webUrlOf } from '../../src/lib/web-url.ts';

it.each([
  ['https://github.com/acme/rollouts', 'https://github.com/acme/rollouts'],
  ['https://github.com/acme/rollouts.git', 'https://github.com/acme/rollouts'],
  [
    'https://x-access-token:ghp_secret@github.com/acme/rollouts.git?a=b#c',
    'https://github.com/acme/rollouts',
  ],
  ['git@github.com:acme/rollouts.git', 'https://github.com/acme/rollouts'],
  ['ssh://git@github.example.com:2222/acme/rollouts', 'https://github.example.com/acme/rollouts'],
  ['https://ghe.example.com:8443/acme/rollouts/', 'https://ghe.example.com:8443/acme/rollouts'],
])('the remote %s has the web page %s', (remote, url) => {
  expect(webUrlOf(remote)).toBe(url);
});

it.each([
  '/srv/git/rollouts.git',
  '../rollouts',
  'file:///srv/git/rollouts',
  'http://github.com/acme/rollouts',
  'javascript:alert(1)//github.com/acme/rollouts',
  'https://github.com/acme/"><script>',
  'https://github.com/rollouts',
  'C:/git/rollouts',
  '',
])('the remote %s has no web page that a report may link to', (remote) => {
  expect(webUrlOf(remote)).toBeNull();
});
