import type { EvidenceRow } from '../../domain/health/health.ts';

const DIGIT_0 = 48;
const COMMA = 44;

/**
 * Reads evidence as the database writes it, one line per row:
 *
 *     29654415,12,1,40,2,small             minute, jobs, errors, control jobs, control errors, category
 *
 * Read digit by digit, because a tick reads a million of them.
 */
export function rowsOf(lines: string): EvidenceRow[] {
  const rows: EvidenceRow[] = [];
  const reader = new LineReader(lines);
  while (reader.more()) {
    rows.push({
      minute: reader.number(),
      category: '',
      jobs: reader.number(),
      errors: reader.number(),
      controlJobs: reader.number(),
      controlErrors: reader.number(),
    });
    (rows.at(-1) as EvidenceRow).category = reader.rest();
  }
  return rows;
}

class LineReader {
  readonly #text: string;
  #place = 0;

  constructor(text: string) {
    this.#text = text;
  }

  more(): boolean {
    return this.#place < this.#text.length;
  }

  /** Reads the digits up to the next comma. */
  number(): number {
    let value = 0;
    let place = this.#place;
    for (let code = this.#text.charCodeAt(place); code !== COMMA; code = this.#text.charCodeAt(place)) {
      value = value * 10 + (code - DIGIT_0);
      place += 1;
    }
    this.#place = place + 1;
    return value;
  }

  /** Returns the rest of the line. */
  rest(): string {
    const end = this.#text.indexOf('\n', this.#place);
    const rest = this.#text.slice(this.#place, end < 0 ? undefined : end);
    this.#place = end < 0 ? this.#text.length : end + 1;
    return rest;
  }
}
