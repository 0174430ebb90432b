import type { PerMultiplier } from '../../domain/score/factor.ts';
import type { Compared, ScoreWindow } from '../../domain/score/window.ts';

/** Digits of a whole number that stays exact when it is computed digit by digit. */
const LONGEST_WHOLE = 15;

/**
 * Reads windows as the database writes them, a line each: seconds since the moment of the last line that begins with #
 * (since 1970 if there is none), spans, the gains of five multipliers, begun, jobs, finished, failed and failed spans
 * of treatment, finished and failed of control, and for each arm the compared spans; then the category.
 */
export function windowsOfLines(lines: string): ScoreWindow[] {
  const windows: ScoreWindow[] = [];
  let since = 0;
  for (const line of lines === '' ? [] : lines.split('\n')) {
    if (line.startsWith('#')) since = Number(line.slice(1));
    else windows.push(windowOf(line, since));
  }
  return windows;
}

/** Position and result of `read` in a text. Mutable: half the time of a judgement went into allocating arrays. */
interface Place {
  text: string;
  at: number;
}

function windowOf(line: string, since: number): ScoreWindow {
  const place: Place = { text: line, at: 0 };
  return {
    startedAt: since + read(place),
    spans: read(place),
    gain: [read(place), read(place), read(place), read(place), read(place)] satisfies PerMultiplier,
    begun: read(place),
    jobs: read(place),
    finished: read(place),
    failed: read(place),
    failedSpans: read(place),
    controlJobs: read(place),
    controlFailed: read(place),
    treatment: readCompared(place),
    control: readCompared(place),
    category: line.slice(place.at),
  };
}

function readCompared(place: Place): Compared {
  return {
    expected: read(place),
    fraction: read(place),
    jobs: read(place),
    failed: read(place),
    failedSpans: read(place),
  };
}

const [ZERO, NINE, COMMA] = [48, 57, 44];

/** Reads the next number, up to its comma; most are short whole ones. */
function read(place: Place): number {
  const { text, at } = place;
  let value = 0;
  for (let i = at; i < at + LONGEST_WHOLE; i++) {
    const code = text.charCodeAt(i);
    if (code === COMMA) {
      place.at = i + 1;
      return i === at ? Number.NaN : value;
    }
    if (!(code >= ZERO && code <= NINE)) break;
    value = value * 10 + code - ZERO;
  }
  const end = text.indexOf(',', at);
  place.at = end + 1;
  return end < 0 ? Number.NaN : Number(text.slice(at, end));
}
