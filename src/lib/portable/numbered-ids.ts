import { randomId } from './uuid.ts';

/** Digits of the number at the end of an id. */
const DIGITS = 12;

/**
 * The ids of one sender: UUIDs of version 8 that end in a number, 1, 2, 3 and so on. The receiver remembers ranges of
 * received numbers instead of every id: without a gap, these are two numbers.
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

  /** Releases an id that was never received: the next one takes its number, so that no gap remains. */
  release(id: string): void {
    this.#free.push(id);
  }
}

/** Returns the id with this number for the sender, which is identified by the beginning of the id `sender`. */
export function numberedId(sender: string, number: number): string {
  const digits = number.toString(16).padStart(DIGITS, '0');
  return `${sender.slice(0, 14)}8${sender.slice(15, 24)}${digits}`;
}
