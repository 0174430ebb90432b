import { describe, expect, it } from 'vitest';
import type { OpenBreaker } from '../../../src/runtime/host/rollout-events.ts';
import type { Parcel } from '../../../src/runtime/record/parcel/batch.ts';
import { PresenceOf } from '../../../src/runtime/record/presence.ts';
import { readParcel } from '../../../src/server/relay/parcel.ts';

function presence(fails = false) {
  const sent: Parcel[] = [];
  const clock = { now: 0 };
  const breakers: OpenBreaker[] = [];
  const one = new PresenceOf({
    sink: {
      send: async (parcel) => {
        if (fails) throw new Error('an older relay');
        sent.push(parcel);
        return true;
      },
    },
    now: () => clock.now,
    breakers: () => breakers,
  });
  return { one, sent, clock, breakers };
}

describe('the presence of a process', () => {
  it('a process reports its presence once a minute from its first outcome on, and its end once', async () => {
    const { one, sent, clock, breakers } = presence();
    for (clock.now = 0; clock.now < 300_000; clock.now += 1_000) await one.flushed(clock.now === 90_000);
    expect(sent).toHaveLength(4);
    breakers.push({ feature: 'one', processor: 'edge', state: 'open' });
    clock.now = 301_500;
    await one.leave();
    expect(sent.at(-1)?.items).toEqual([
      { process: one.process, ageSeconds: 301.5, leaving: true, breakers },
    ]);
    expect(one.process).toMatch(/^[0-9a-f]{8}$/);
  });

  it('a process that records nothing or ends within a minute reports no presence', async () => {
    const { one, sent, clock } = presence();
    for (clock.now = 0; clock.now < 300_000; clock.now += 1_000) await one.flushed(false);
    const short = presence();
    await short.one.flushed(true);
    for (const each of [one, short.one]) await each.leave();
    expect([...sent, ...short.sent]).toEqual([]);
  });

  it('a presence that cannot be sent does not disturb the flush', async () => {
    const { one, clock } = presence(true);
    clock.now = 61_000;
    await expect(one.flushed(true)).resolves.toBeUndefined();
  });

  it('a relay accepts a presence as it was sent, and refuses one with a wrong field', async () => {
    const { one, sent, clock, breakers } = presence();
    breakers.push({ feature: 'one', processor: 'edge', state: 'half_open' });
    clock.now = 61_000;
    await one.flushed(true);
    const body = JSON.parse(JSON.stringify({ version: 1, ...sent[0] })) as { items: object[] };
    expect(readParcel(body)).toMatchObject({ parcel: { kind: 'presence', items: sent[0]?.items } });
    for (const wrong of [{ process: 'A' }, { ageSeconds: -1 }, { breakers: [{}] }, { leaving: 1 }]) {
      const items = [{ ...body.items[0], ...wrong }];
      expect(readParcel({ ...body, items })).toHaveProperty('problem');
    }
  });
});
