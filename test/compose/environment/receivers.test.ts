import { expect, it } from 'vitest';
import { receiversOf, webhookOf } from '../../../src/compose/environment/receivers.ts';
import { webhook } from '../../helpers/http/webhook.ts';

const message = {
  ...{ key: 'incident:1:opened', environment: 'production', feature: 'one', severity: 'critical' },
  ...{ kind: 'rolled_back', message: 'one was rolled back', created_at: new Date('2026-11-20T12:00:00Z') },
};

it.each([
  [{}, 'text'],
  [{ ROLLOUT_WEBHOOK_FORMAT: 'json' }, 'text'],
  [{ ROLLOUT_WEBHOOK_FORMAT: 'slack' }, 'blocks'],
  [{ ROLLOUT_WEBHOOK_FORMAT: 'teams' }, 'attachments'],
  [{ ROLLOUT_WEBHOOK_FORMAT: 'pagerduty', ROLLOUT_WEBHOOK_KEY: 'R0' }, 'routing_key'],
  [{ ROLLOUT_WEBHOOK_FORMAT: 'alertmanager' }, '0'],
  [{ ROLLOUT_WEBHOOK_FORMAT: 'template', ROLLOUT_WEBHOOK_TEMPLATE: '{"content":"{{message}}"}' }, 'content'],
])('the settings %j produce a body with %s', async (settings, field) => {
  const hook = await webhook();
  await webhookOf({ ROLLOUT_WEBHOOK_URL: hook.url, ...settings })?.deliver(message);
  expect(hook.received.map(({ body }) => Object.keys(body))).toEqual([expect.arrayContaining([field])]);
});

it.each([
  [{ ROLLOUT_WEBHOOK_URL: 'T0SECRET' }, 'ROLLOUT_WEBHOOK_URL is not a URL'],
  [{ ROLLOUT_WEBHOOK_FORMAT: 'discord' }, 'ROLLOUT_WEBHOOK_FORMAT is "discord"'],
  [{ ROLLOUT_WEBHOOK_FORMAT: 'pagerduty' }, 'ROLLOUT_WEBHOOK_KEY is not set'],
  [{ ROLLOUT_WEBHOOK_FORMAT: 'template' }, 'ROLLOUT_WEBHOOK_TEMPLATE is not set'],
  [
    { ROLLOUT_WEBHOOK_FORMAT: 'template', ROLLOUT_WEBHOOK_TEMPLATE: '{' },
    'ROLLOUT_WEBHOOK_TEMPLATE is not JSON',
  ],
])('the settings %j are refused by name, and only when a message is delivered', async (settings, problem) => {
  const environment = { ROLLOUT_WEBHOOK_URL: 'https://chat.example/T0SECRET', ...settings };
  expect(() => webhookOf(environment)).toThrow(problem);
  const delivery = receiversOf(environment).webhook?.deliver(message);
  await expect(delivery).rejects.toThrow(problem);
  await expect(delivery).rejects.not.toThrow('T0SECRET');
});
