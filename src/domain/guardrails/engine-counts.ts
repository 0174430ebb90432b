import { compareText, harmless } from '../../lib/text.ts';
import type { MetricQuery } from '../spec/spec.ts';
import { subjectProblem } from '../spec/subject-id.ts';
import { STEP_SECONDS } from './metric-read.ts';

/** One series of an engine's answer: values at the ends of steps, in seconds since 1970, as text. */
export interface EngineSeries {
  labels: Readonly<Record<string, string>>;
  points: readonly (readonly [at: number, value: string])[];
}

/** Events of one subject and arm in one step. */
export interface StepCount {
  /** End of the step, in seconds since 1970. */
  at: number;
  arm: 'treatment' | 'control';
  /** Subject; empty where subjects are not told apart, and for the sum of the smaller ones. */
  subject: string;
  events: number;
  bad: number;
}

type Arm = StepCount['arm'];

/** An engine's answers to the two queries of one arm. */
export interface ArmAnswer {
  bad: readonly EngineSeries[];
  all: readonly EngineSeries[];
}

/** An answer that is not plausible; its message is a clause for people. */
export class ImpossibleAnswer extends Error {}

/** Events of some steps, from an engine's answers. */
export interface StepCounts {
  counts: StepCount[];
  /** Why a step is not plausible, as a clause, by its end in seconds since 1970; `counts` leaves these steps out. */
  impossible: ReadonlyMap<number, string>;
}

/** Largest number of subjects that are told apart in one step and arm; the smaller ones are summed. */
const MOST_SUBJECTS = 50;

/** Largest number of events of one subject and arm in a step, as rollout_record_observations accepts them. */
const MOST_EVENTS = 1_000_000_000;

/** From this number of events of a step on, equal arms are not a coincidence. */
const ENOUGH_TO_COMPARE = 10;

/** `increase` of a counter is an estimate, so bad events may exceed all events by this factor. */
const TOLERANCE = 1.05;

/** The query of one arm. */
export function queryFor(query: string, arm: Arm): string {
  return query.replaceAll('$arm', arm).replaceAll('$step', `${STEP_SECONDS}s`);
}

/**
 * Returns the events of both arms. A step is not plausible if a value is not a number of events, if it has more bad events
 * than events, or more events than a step can have. Throws ImpossibleAnswer for faults of the queries: several series where
 * subjects are not told apart, and equal arms, because then the query lacks the arm label.
 */
export function stepCounts(
  answers: Readonly<Record<Arm, ArmAnswer>>,
  { subject_label }: Pick<MetricQuery, 'subject_label'>,
): StepCounts {
  const impossible = new Map<number, string>();
  const refuse = (at: number, why: string) => {
    if (!impossible.has(at)) impossible.set(at, why);
  };
  const treatment = countsOf(answers.treatment, 'treatment', subject_label, refuse);
  const control = countsOf(answers.control, 'control', subject_label, refuse);
  if (areEqual(treatment, control)) {
    throw new ImpossibleAnswer(
      'treatment and control have exactly the same counts, so the queries do not tell the arms apart; does the series have the label that $arm selects?',
    );
  }
  const whole = [...treatment, ...control].map((one) => ({ ...one, events: Math.round(one.events) }));
  for (const { at, events } of whole) {
    if (events > MOST_EVENTS) refuse(at, `all is ${events}, and a step has at most ${MOST_EVENTS} events`);
  }
  const counts = whole.flatMap((one) =>
    one.events > 0 && !impossible.has(one.at)
      ? [{ ...one, bad: Math.min(one.events, Math.round(one.bad)) }]
      : [],
  );
  return { counts, impossible };
}

type Refuse = (at: number, why: string) => void;

function countsOf({ bad, all }: ArmAnswer, arm: Arm, label: string | null, refuse: Refuse): StepCount[] {
  const badAt = valuesOf('bad', bad, label, refuse);
  const steps = new Map<number, StepCount[]>();
  for (const [key, { at, subject, value: events }] of valuesOf('all', all, label, refuse)) {
    const found = badAt.get(key)?.value ?? 0;
    if (found > events * TOLERANCE + 1) {
      refuse(at, `bad is ${short(found)} and all is ${short(events)}; are the two queries swapped?`);
    }
    steps.set(at, [...(steps.get(at) ?? []), { at, arm, subject, events, bad: Math.min(found, events) }]);
    badAt.delete(key);
  }
  for (const { at, value } of badAt.values()) {
    if (value > 1) refuse(at, `bad is ${short(value)} in a step in which all has no value`);
  }
  return [...steps.values()].flatMap(largest);
}

interface Value {
  at: number;
  subject: string;
  value: number;
}

/** Returns values by step and subject. A gap, or 0/0, counts as no value. */
function valuesOf(
  query: string,
  answer: readonly EngineSeries[],
  label: string | null,
  refuse: Refuse,
): Map<string, Value> {
  if (label === null && answer.length > 1) {
    throw new ImpossibleAnswer(
      `${query} answers ${answer.length} series; add them up with sum(...), or name the label of the subject in subject_label`,
    );
  }
  const values = new Map<string, Value>();
  for (const { labels, points } of answer) {
    const subject = label === null ? '' : subjectOf(labels[label]);
    for (const [at, text] of points) {
      if (text === 'NaN') continue;
      const value = text.trim() === '' ? Number.NaN : Number(text);
      if (!Number.isFinite(value) || value < 0) {
        refuse(at, `${query} is ${harmless(text, 20)}, which is not a number of events`);
        continue;
      }
      const key = `${at} ${subject}`;
      values.set(key, { at, subject, value: (values.get(key)?.value ?? 0) + value });
    }
  }
  return values;
}

/** A label that cannot be a subject's id is added to the smaller ones. */
function subjectOf(value = ''): string {
  return subjectProblem(value) === null ? value : '';
}

/** Keeps the largest subjects of one step and sums the others. */
function largest(counts: StepCount[]): StepCount[] {
  if (counts.length <= MOST_SUBJECTS) return counts;
  const sorted = [...counts].sort((a, b) => b.events - a.events || compareText(a.subject, b.subject));
  const [first] = sorted as [StepCount];
  const rest = { ...first, subject: '', events: 0, bad: 0 };
  for (const { events, bad } of sorted.slice(MOST_SUBJECTS)) {
    rest.events += events;
    rest.bad += bad;
  }
  return [...sorted.slice(0, MOST_SUBJECTS), rest];
}

function areEqual(treatment: readonly StepCount[], control: readonly StepCount[]): boolean {
  if (!treatment.some(({ events }) => events >= ENOUGH_TO_COMPARE)) return false;
  const text = (counts: readonly StepCount[]) =>
    counts.map(({ at, subject, events, bad }) => `${at} ${subject} ${events} ${bad}`).sort();
  return text(treatment).join() === text(control).join();
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
