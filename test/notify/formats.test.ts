import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/notify/message.ts';
import { templateOf } from '../../src/notify/template.ts';
import { bodyOf, type Format } from '../../src/notify/webhook.ts';

const message: Message = {
  key: 'incident:12:opened',
  environment: 'production',
  feature: 'new_checkout',
  severity: 'critical',
  kind: 'rolled_back',
  message: 'new_checkout was rolled back: 40 of 200 jobs failed',
  details: { incident: '12' },
  created_at: new Date('2026-11-20T12:00:00Z'),
};
const over: Message = {
  ...message,
  key: 'incident:12:resumed',
  kind: 'resumed',
  severity: 'info',
  message: 'new_checkout: incident 12 is resumed (mended)',
  created_at: new Date('2026-11-20T14:00:00Z'),
};
const pagerduty: Format = { kind: 'pagerduty', routingKey: 'R0SECRET' };

describe('PagerDuty', () => {
  it('PagerDuty gets one alert for an incident, triggered when it opens and resolved when it ends', () => {
    expect(bodyOf(message, pagerduty)).toEqual({
      routing_key: 'R0SECRET',
      event_action: 'trigger',
      dedup_key: 'rollout-controller:production:incident:12',
      payload: {
        summary: message.message,
        source: 'rollout-controller/production',
        severity: 'critical',
        timestamp: '2026-11-20T12:00:00.000Z',
        component: 'new_checkout',
        class: 'rolled_back',
        custom_details: { incident: '12' },
      },
    });
    expect(bodyOf(over, pagerduty)).toEqual({
      routing_key: 'R0SECRET',
      event_action: 'resolve',
      dedup_key: 'rollout-controller:production:incident:12',
    });
  });

  it('PagerDuty is not called for an informational message, but for an incident of any severity', () => {
    const info: Message = { ...message, key: 'advanced:1', kind: 'advanced', severity: 'info' };
    expect(bodyOf(info, pagerduty)).toBeNull();
    expect(bodyOf({ ...message, severity: 'info' }, pagerduty)).toMatchObject({
      event_action: 'trigger',
      payload: { severity: 'warning' },
    });
  });

  it('PagerDuty gets texts and keys within its limits, however long ours are', () => {
    const long = { ...message, message: 'x'.repeat(5_000), key: 'k'.repeat(600) };
    const body = bodyOf(long, pagerduty) as { dedup_key: string; payload: { summary: string } };
    expect([body.dedup_key.length, body.payload.summary.length]).toEqual([255, 1_024]);
    expect(body.payload.summary).toMatch(/x\.\.\.$/);
  });

  it('PagerDuty gets different keys for the incidents of two databases', () => {
    const keys = ['production', 'staging', null].map(
      (environment) => (bodyOf({ ...message, environment }, pagerduty) as { dedup_key: string }).dedup_key,
    );
    expect(new Set(keys).size).toBe(3);
  });
});

describe('Slack', () => {
  it('Slack gets a line of text and blocks with the facts', () => {
    expect(bodyOf(message, { kind: 'slack' })).toEqual({
      text: `:rotating_light: ${message.message}`,
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: `:rotating_light: ${message.message}` } },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: '*Environment* production   *Feature* new_checkout   *Severity* critical   *Kind* rolled back',
            },
          ],
        },
      ],
    });
  });

  it('Slack gets no section over its limit and no link or mention from a person’s text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '&', 'a', '!', '|'), maxLength: 4_000 }),
        (text) => {
          const { blocks } = bodyOf({ ...message, message: text }, { kind: 'slack' }) as {
            blocks: [{ text: { text: string } }];
          };
          const shown = blocks[0].text.text;
          expect(shown.length).toBeLessThanOrEqual(3_000);
          expect(shown).not.toMatch(/[<>]/);
          // Every escape is whole.
          expect(shown.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
        },
      ),
    );
  });
});

describe('Teams', () => {
  it('Teams gets an adaptive card in which a person’s text is not markdown', () => {
    const body = bodyOf({ ...message, message: '[click](https://evil.example) **now**' }, { kind: 'teams' });
    expect(body).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              {
                type: 'TextBlock',
                text: '\\[click\\]\\(https://evil.example\\) \\*\\*now\\*\\*',
                color: 'attention',
              },
              {
                type: 'FactSet',
                facts: expect.arrayContaining([{ title: 'Feature', value: 'new\\_checkout' }]),
              },
            ],
          },
        },
      ],
    });
  });
});

describe('a template', () => {
  it('a template inserts each named field, whatever text the field contains', () => {
    const template = templateOf(
      '{"content": "{{severity}}: {{ message }}", "embeds": [{"n": 1, "id": "{{key}}"}]}',
      'T',
    );
    const hostile = { ...message, message: '", "admin": true, {{key}} $& \\' };
    expect(bodyOf(hostile, { kind: 'template', template })).toEqual({
      content: `critical: ${hostile.message}`,
      embeds: [{ n: 1, id: 'incident:12:opened' }],
    });
  });

  it.each([
    ['{"content": ', 'is not JSON'],
    ['{"content": "{{text}}"}', 'names {{text}}, which no message has'],
  ])('the template %s is refused', (text, problem) => {
    expect(() => templateOf(text, 'T')).toThrow(`T ${problem}`);
  });
});
