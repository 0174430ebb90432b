import { expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/read/parse.ts';
import { fixture, said } from '../said.ts';

test("a route without its receiver's keys is an error; one for an unknown feature or owner a warning", () => {
  expect(said(fixture('rules/notify.yaml'))).toMatchInlineSnapshot(`
    "3:11 notify[0].url_from is missing; name the environment variable with the receiver's address, such as ROLLOUT_NOTIFY_PAYMENTS
    4:11 notify[1].token_from is missing; name the environment variable with the routing key, such as ROLLOUT_NOTIFY_PAGERDUTY_KEY
    5:11 notify[2].template is missing; write JSON such as '{"text": "{{message}}"}'
    6:59 notify[3].template is not JSON; write '{"text": "{{message}}"}' or the like
    7:59 notify[4].template names {{text}}, which no message has; use message, feature, environment, severity, kind, key or created_at
    8:56 notify[5].template has no effect with to: slack; use to: template
    9:57 warning: notify[6].features[0] is "new_chekout", which is not a feature of the file; did you mean "new_checkout"?
    9:70 warning: notify[6].features[1] is "search", which is not a feature of the file
    9:88 warning: notify[6].owners[0] is "@acme/dta", which is not the owner of a feature; did you mean "@acme/data"?"
  `);
});

test('wrong values of routes are reported with what would be right, and a wrong address with the reason', () => {
  expect(said(fixture('schema/notify.yaml'))).toMatchInlineSnapshot(`
    "3:28 notify[0].url_from is "https://hooks.slack.com/services/T0/B0/x"; it must be the name of an environment variable that begins with ROLLOUT_NOTIFY_, because the address or token itself is a secret
    4:11 notify[1].to is "slak"; it must be slack, teams, pagerduty, alertmanager, json or template; did you mean slack?
    4:27 notify[1].url_from is "DATABASE_URL"; it must be the name of an environment variable that begins with ROLLOUT_NOTIFY_, because the address or token itself is a secret
    5:56 notify[2].severity is "fatal"; it must be info, warning or critical
    6:46 owner is not a key of notify[3]; did you mean owners?
    7:5 to is missing in notify[4]
    7:45 notify[4].features is empty; name at least one, or leave the key out"
  `);
});

test('the address of one receiver must not be the token of another', () => {
  const route = (token: string) => `
version: 1
features: {}
notify:
  - { to: pagerduty, token_from: ${token} }
  - { to: slack, url_from: ROLLOUT_NOTIFY_A }
`;
  expect(said(route('ROLLOUT_NOTIFY_KEY'))).toBe('');
  expect(said(route('ROLLOUT_NOTIFY_A'))).toBe(
    '5:34 notify[0].token_from is ROLLOUT_NOTIFY_A, which is an address (url_from); name another variable',
  );
});

test('a route gets its defaults, and a file without routes has none', () => {
  const head = 'version: 1\nfeatures: {}\n';
  const text = `${head}notify: [{ to: pagerduty, token_from: ROLLOUT_NOTIFY_KEY }]\n`;
  expect(parseConfig(text).config?.notify).toEqual([
    {
      ...{ to: 'pagerduty', url_from: null, token_from: 'ROLLOUT_NOTIFY_KEY', template: null },
      ...{ severity: 'warning', owners: null, features: null },
    },
  ]);
  expect(parseConfig(head).config?.notify).toBeNull();
});
