import type { PerMultiplier } from '../../domain/score/factor.ts';
import type { Compared, ScoreWindow } from '../../domain/score/window.ts';

/** Numbers of a line before its category, which may hold a comma. */
const NUMBERS = 24;

/**
 * Windows as the database writes them, a line each: seconds since the moment of the last line that begins with # (since
 * 1970 where there is none), spans, the gains of five multipliers, begun,
 * jobs, finished, failed and failed spans of treatment, finished and failed of control, and for each arm what is
 * compared; then the category.
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

function windowOf(line: string, since: number): ScoreWindow {
  const numbers: number[] = [];
  let place = 0;
  for (let i = 0; i < NUMBERS; i++) {
    const comma = line.indexOf(',', place);
    numbers.push(Number(line.slice(place, comma)));
    place = comma + 1;
  }
  const at = (index: number) => numbers[index] ?? 0;
  return {
    startedAt: since + at(0),
    category: line.slice(place),
    spans: at(1),
    gain: [at(2), at(3), at(4), at(5), at(6)] satisfies PerMultiplier,
    begun: at(7),
    jobs: at(8),
    finished: at(9),
    failed: at(10),
    failedSpans: at(11),
    controlJobs: at(12),
    controlFailed: at(13),
    treatment: comparedAt(numbers, 14),
    control: comparedAt(numbers, 19),
  };
}

function comparedAt(numbers: readonly number[], from: number): Compared {
  const at = (index: number) => numbers[from + index] ?? 0;
  return { expected: at(0), fraction: at(1), jobs: at(2), failed: at(3), failedSpans: at(4) };
}
