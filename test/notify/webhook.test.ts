import { describe, expect, it } from 'vitest';
import { webhookNotifier } from '../../src/notify/webhook.ts';
import { webhook } from '../helpers/http/webhook.ts';

const message = {
  key: 'warning:one:1:first',
  environment: 'staging',
  feature: 'one',
  severity: 'critical',
  kind: 'harmful',
  message: 'one & <!channel> <https://evil.example|here>',
  details: { scope: 'all' },
  created_at: new Date('2026-11-20T12:00:00Z'),
};

const reasonOf = (delivery: Promise<void>) =>
  delivery.then(
    () => 'delivered',
    (error: Error) => `${error.message} ${error.stack} ${JSON.stringify(error)}`,
  );

describe('a webhook', () => {
  it('a webhook gets every field, a text with escaped chat markup, and the key also as a header', async () => {
    const hook = await webhook();
    await webhookNotifier(hook.url).deliver(message);
    expect(hook.received).toEqual([
      {
        headers: expect.objectContaining({
          'content-type': 'application/json',
          'idempotency-key': message.key,
        }),
        body: {
          ...message,
          created_at: '2026-11-20T12:00:00.000Z',
          text: ':rotating_light: one &amp; &lt;!channel&gt; &lt;https://evil.example|here&gt;',
        },
      },
    ]);
  });

  it('a webhook gets the user and password of its URL as a header; a separate token replaces them', async () => {
    const hook = await webhook();
    const url = hook.url.replace('://', '://ada:p%40ss@');
    await webhookNotifier(url).deliver(message);
    await webhookNotifier(url, { kind: 'json' }, 'token').deliver(message);
    expect(hook.received.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${btoa('ada:p@ss')}`,
      'Bearer token',
    ]);
  });

  it.each([302, 400, 404, 429, 500, 503])(
    'a webhook that answers %i has not received the message',
    async (status) => {
      const hook = await webhook();
      hook.answer(status);
      const reason = await reasonOf(webhookNotifier(hook.url).deliver(message));
      expect(reason).toMatch(/^the webhook (answered \d|at 127\.0\.0\.1:\d+ could not be reached)/);
      expect(reason).not.toContain('T0SECRET');
      // A redirect is not followed: it could lead the message anywhere.
      expect(hook.received).toHaveLength(1);
    },
  );

  it('a webhook that is away or does not answer has not received the message, and no error contains the secret', async () => {
    const hook = await webhook();
    hook.answer('none');
    const notifier = webhookNotifier(hook.url);
    const reasons = [await reasonOf(notifier.deliver(message))];
    await hook.down();
    reasons.push(await reasonOf(notifier.deliver(message)));
    reasons.push(await reasonOf(webhookNotifier('https://nowhere.invalid/T0SECRET').deliver(message)));
    reasons.push(await reasonOf(webhookNotifier('https://ada:T0SECRET@127.0.0.1:1/').deliver(message)));
    for (const reason of reasons) {
      expect(reason).toMatch(/^the webhook at [\w.:]+ could not be reached: \w/);
      expect(reason).not.toContain('T0SECRET');
    }
  });
});
