import type { EvidenceRow } from '../domain/health.ts';

const COMMA = 44;
const DIGIT_0 = 48;
const LINE_END = 10;

/**
 * Evidence as the database writes it, a line a row:
 *
 *     29654415,12,1,40,2,small        minute, jobs, errors, control jobs, control errors, category
 *
 * Read digit by digit, because a tick reads a million of them.
 */
export function rowsOf(lines: string): EvidenceRow[] {
  const rows: EvidenceRow[] = [];
  const numbers = [0, 0, 0, 0, 0];
  let place = 0;
  while (place < lines.length) {
    for (let column = 0; column < numbers.length; column++) {
      let value = 0;
      for (let code = lines.charCodeAt(place); code !== COMMA; code = lines.charCodeAt(++place)) {
        value = value * 10 + (code - DIGIT_0);
      }
      numbers[column] = value;
      place += 1;
    }
    const end = lineEnd(lines, place);
    const [minute = 0, jobs = 0, errors = 0, controlJobs = 0, controlErrors = 0] = numbers;
    rows.push({ minute, category: lines.slice(place, end), jobs, errors, controlJobs, controlErrors });
    place = end + 1;
  }
  return rows;
}

function lineEnd(lines: string, from: number): number {
  let end = from;
  while (end < lines.length && lines.charCodeAt(end) !== LINE_END) end += 1;
  return end;
}
