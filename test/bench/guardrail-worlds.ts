import { correlatedShare } from '../../src/domain/fleet/beta.ts';
import { binomial } from '../../src/domain/simulation/binomial.ts';
import { poisson, type Random } from '../../src/lib/random.ts';

/**
 * A day of events of a metric in both arms, minute by minute: what guardrails.ts gives to every rule alike. Each rule has
 * ten worlds like those that it was made for, of which some are healthy. Written before any of the rules, and not changed
 * to suit one.
 */
export type Made = 'flagger' | 'kayenta' | 'threshold' | 'fixed horizon' | 'ours';

/** Events of one subject and arm in one minute. */
export interface MinuteEvents {
  minute: number;
  arm: 'treatment' | 'control';
  subject: string;
  events: number;
  bad: number;
}

export interface World {
  madeFor: Made;
  name: string;
  /** Percent of the events that may be bad. */
  limit: number;
  /** Minute from which on treatment does harm; null: it does none. */
  harmAt: number | null;
  draw: (random: Random) => MinuteEvents[];
}

export const MINUTES = 24 * 60;
const HARM_AT = 6 * 60;

interface Shape {
  /** Mean events a minute, treatment and control. */
  events: readonly [number, number];
  subjects: number;
  /** Percent of bad events where nothing is wrong. */
  base: number;
  /** Percent of treatment's bad events from the harm on; null: it stays as it is. */
  harmed: number | null;
  limit: number;
  /** What multiplies the base of both arms at a minute; left out: 1. */
  shared?: (minute: number, random: Random) => number;
  /** Jobs of a subject come together, and share their luck with this correlation; left out: they are independent. */
  bursts?: { size: number; correlation: number };
}

function world(madeFor: Made, name: string, shape: Shape): World {
  const harmAt = shape.harmed === null ? null : HARM_AT;
  return { madeFor, name, limit: shape.limit, harmAt, draw: (random) => drawDay(shape, random) };
}

function drawDay(shape: Shape, random: Random): MinuteEvents[] {
  const all: MinuteEvents[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    const shared = shape.shared?.(minute, random) ?? 1;
    for (const [place, arm] of [[0, 'treatment'] as const, [1, 'control'] as const]) {
      const harmed = arm === 'treatment' && minute >= HARM_AT ? shape.harmed : null;
      const percent = harmed ?? Math.min(100, shape.base * shared);
      all.push(...minuteOf(shape, arm, shape.events[place], percent / 100, minute, random));
    }
  }
  return all;
}

function minuteOf(
  { subjects, bursts }: Shape,
  arm: MinuteEvents['arm'],
  mean: number,
  share: number,
  minute: number,
  random: Random,
): MinuteEvents[] {
  const size = bursts?.size ?? Math.max(1, mean / 20);
  const groups = poisson(random, mean / size);
  return Array.from({ length: groups }, () => {
    const events = Math.max(1, Math.round(size));
    const luck = bursts ? correlatedShare(random, share, bursts.correlation) : share;
    const subject = `${arm[0]}${Math.floor(random() * subjects)}`;
    return { minute, arm, subject, events, bad: binomial(random(), events, luck) };
  });
}

const perMinute = (treatment: number, control = treatment): [number, number] => [treatment, control];

/** Much steady traffic, few errors, and a release that breaks at once. */
const FLAGGER = [0.1, 0.3, 0.5, 0.7]
  .map((base) =>
    world('flagger', `600 a minute, ${base}%, healthy`, {
      ...{ events: perMinute(600), subjects: 400, base, harmed: null, limit: 1 },
    }),
  )
  .concat(
    [2, 3, 5, 10, 20, 50].map((harmed) =>
      world('flagger', `600 a minute, 0.3% to ${harmed}%`, {
        ...{ events: perMinute(600), subjects: 400, base: 0.3, harmed, limit: 1 },
      }),
    ),
  );

/** Two arms of one size in the same weather: the day has hours in which both fail more. */
const wave = (minute: number) => 1 + 0.8 * Math.sin((2 * Math.PI * minute) / MINUTES);
const storm = (minute: number) => (minute % 360 < 30 ? 4 : 1);
const KAYENTA = [
  ...[wave, storm].flatMap((shared, i) =>
    [1, 2].map((base) =>
      world('kayenta', `${i === 0 ? 'waves' : 'shared storms'} at ${base}%, healthy`, {
        ...{ events: perMinute(120), subjects: 200, base, harmed: null, limit: 5, shared },
      }),
    ),
  ),
  ...[3, 4, 6, 8, 12, 25].map((harmed) =>
    world('kayenta', `waves at 2%, treatment ${harmed}%`, {
      ...{ events: perMinute(120), subjects: 200, base: 2, harmed, limit: 5, shared: wave },
    }),
  ),
];

/** A line far above anything that is normal, and harm that crosses it at once. */
const THRESHOLD = [
  ...[0.1, 0.5, 1, 2].map((base) =>
    world('threshold', `40 a minute, ${base}%, healthy`, {
      ...{ events: perMinute(40), subjects: 200, base, harmed: null, limit: 10 },
    }),
  ),
  ...[15, 20, 30, 50, 75, 100].map((harmed) =>
    world('threshold', `40 a minute, 1% to ${harmed}%`, {
      ...{ events: perMinute(40), subjects: 200, base: 1, harmed, limit: 10 },
    }),
  ),
];

/** Independent events, a planned number of them, and a difference that is there from the first one on. */
const FIXED = [
  ...[1, 3, 4, 4.5].map((base) =>
    world('fixed horizon', `10 a minute, ${base}%, healthy`, {
      ...{
        events: perMinute(10),
        subjects: 5_000,
        base,
        harmed: null,
        limit: 5,
        bursts: { size: 1, correlation: 0 },
      },
    }),
  ),
  ...[5.5, 6, 7, 8, 10, 15].map((harmed) =>
    world('fixed horizon', `10 a minute, 4% to ${harmed}%`, {
      ...{
        events: perMinute(10),
        subjects: 5_000,
        base: 4,
        harmed,
        limit: 5,
        bursts: { size: 1, correlation: 0 },
      },
    }),
  ),
];

/** Bursts of a subject that succeed or fail together, little traffic, and outages that control shares. */
const OURS = [
  ...[0, 0.1, 0.3].map((correlation) =>
    world('ours', `bursts of 20, correlation ${correlation}, 2%, healthy`, {
      ...{
        events: perMinute(4),
        subjects: 300,
        base: 2,
        harmed: null,
        limit: 5,
        bursts: { size: 20, correlation },
      },
    }),
  ),
  world('ours', 'an outage of an hour that control shares', {
    ...{
      events: perMinute(10),
      subjects: 300,
      base: 1,
      harmed: null,
      limit: 5,
      bursts: { size: 1, correlation: 0 },
    },
    shared: (minute) => (minute >= 400 && minute < 460 ? 30 : 1),
  }),
  world('ours', '20 an hour, 2%, healthy', {
    ...{
      events: perMinute(0.33),
      subjects: 100,
      base: 2,
      harmed: null,
      limit: 5,
      bursts: { size: 1, correlation: 0 },
    },
  }),
  ...[10, 20, 50].map((harmed) =>
    world('ours', `200 an hour, 1% to ${harmed}%`, {
      ...{
        events: perMinute(3.33),
        subjects: 500,
        base: 1,
        harmed,
        limit: 5,
        bursts: { size: 1, correlation: 0 },
      },
    }),
  ),
  world('ours', '20 an hour, 1% to 50%', {
    ...{
      events: perMinute(0.33),
      subjects: 100,
      base: 1,
      harmed: 50,
      limit: 5,
      bursts: { size: 1, correlation: 0 },
    },
  }),
  world('ours', 'bursts of 20, correlation 0.3, 1% to 50%', {
    ...{
      events: perMinute(4),
      subjects: 300,
      base: 1,
      harmed: 50,
      limit: 5,
      bursts: { size: 20, correlation: 0.3 },
    },
  }),
];

export const WORLDS: readonly World[] = [...FLAGGER, ...KAYENTA, ...THRESHOLD, ...FIXED, ...OURS];
