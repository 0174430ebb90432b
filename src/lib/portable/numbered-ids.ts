import { randomId } from './uuid.ts';

/** Digits of the number, the last ones of an id. */
const DIGITS = 12;

/**
 * The ids of one sender: UUIDs of version 8 that end in a number, 1, 2, 3 and so on. Who receives them remembers the
 * numbers that came, which without a gap are two, and not every id.
 */
export class NumberedIds {
  readonly #sender = randomId();
  #last = 0;
  readonly #free: string[] = [];

  next(): string {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    this.#last += 1;
    return numberedId(this.#sender, this.#last);
  }

  /** Nothing was received under this id: the next one takes its number, so that no gap stays. */
  release(id: string): void {
    this.#free.push(id);
  }
}

/** The id with this number of the sender that begins as `sender` does, an id itself. */
export function numberedId(sender: string, number: number): string {
  const digits = number.toString(16).padStart(DIGITS, '0');
  return `${sender.slice(0, 14)}8${sender.slice(15, 24)}${digits}`;
}
