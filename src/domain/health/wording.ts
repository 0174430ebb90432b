import { atMinute } from '../../lib/time.ts';
import type { Verdict } from './judgement.ts';

/** `10:15`, or `2026-11-21 22:30` when that is another day than `now`. UTC; both in minutes since 1970. */
export function timeText(minute: number, now: number): string {
  const iso = atMinute(minute).toISOString();
  const time = iso.slice(11, 16);
  return iso.slice(0, 10) === atMinute(now).toISOString().slice(0, 10) ? time : `${iso.slice(0, 10)} ${time}`;
}

/** A percentage without needless digits: `5%`, `2.5%`, `0.33%`. */
export function percentText(value: number, digits = 2): string {
  return `${Number(value.toFixed(digits))}%`;
}

/** A score with one decimal; from 100 on, without one. */
function scoreText(score: number, digits = 1): string {
  const text = score.toFixed(Math.abs(score) >= 100 ? 0 : digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

/**
 * `9.1 against 8.5 needed`: a score and the evidence it needs, with more digits where rounding would hide that it falls
 * short.
 */
export function againstText(score: number, evidence: number): string {
  const needed = Math.log(evidence);
  let digits = 1;
  while (digits < 6 && score < needed && scoreText(score, digits) === scoreText(needed, digits)) digits++;
  return `${scoreText(score, digits)} against ${scoreText(needed, digits)} needed`;
}

/** `6.25% is over the limit of 5%`, with more digits where rounding would make both look equal. */
export function comparedText(rate: number, limit: number, words: string): string {
  let digits = 2;
  while (digits < 8 && rate !== limit && percentText(rate, digits) === percentText(limit, digits)) digits++;
  return `${percentText(rate, digits)} is ${words} ${percentText(limit, digits)}`;
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** The words for the events that a judgement counts. */
export interface Counted {
  /** Singular noun: `job`. */
  one: string;
  /** Words for the events that count against the limit, after their number and in a list. */
  failed: string;
  failedShort: string;
  /** Words after the number of all events: ` finished`. */
  ended: string;
  /** Noun for a span that holds an event against the limit. */
  span: string;
  /** Noun for the limit of a warning. */
  warningRate: string;
}

export const JOBS: Counted = {
  one: 'job',
  failed: 'failed',
  failedShort: 'failed',
  ended: ' finished',
  span: 'span with a failure',
  warningRate: 'a warning rate',
};

export const EVENTS: Counted = {
  one: 'event',
  failed: 'were bad',
  failedShort: 'bad',
  ended: '',
  span: 'span with a bad event',
  warningRate: 'a limit',
};

/** Words that name a category at the head of a sentence; empty for all categories together. */
export function scopeText(category: string | null): string {
  if (category === null) return '';
  return category === '' ? 'without a category: ' : `${category}: `;
}

const VERDICTS: Readonly<Record<Verdict, { word: string; clause: string }>> = {
  healthy: { word: 'healthy', clause: 'is healthy' },
  warning: { word: 'warning', clause: 'is warning' },
  suspect: { word: 'suspect', clause: 'is suspect' },
  harmful: { word: 'harmful', clause: 'is harmful' },
  insufficient: { word: 'not enough jobs yet', clause: 'has not enough jobs yet' },
  no_data: { word: 'no finished jobs', clause: 'has no finished jobs' },
  error: { word: 'not judged', clause: 'cannot be judged' },
};

/** The words of a verdict in a sentence, where its code never stands: `no finished jobs`. */
export function verdictWord(verdict: string): string {
  return isVerdict(verdict) ? VERDICTS[verdict].word : verdict;
}

/** A verdict's words with a verb, to follow a feature's name: `has no finished jobs`. */
export function verdictClause(verdict: string): string {
  return isVerdict(verdict) ? VERDICTS[verdict].clause : `is ${verdict}`;
}

function isVerdict(verdict: string): verdict is Verdict {
  return Object.hasOwn(VERDICTS, verdict);
}
