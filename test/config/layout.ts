import fc from 'fast-check';

const LENGTH = 400;

/** Random choices, read one after another from numbers that fast-check draws and shrinks; then always the first. */
export class Tape {
  private readonly numbers: readonly number[];
  private at = 0;

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
  }

  below(count: number): number {
    const number = this.numbers[this.at++] ?? 0;
    return number % count;
  }

  pick<T>(first: T, ...others: T[]): T {
    return [first, ...others][this.below(others.length + 1)] ?? first;
  }

  some<T>(items: readonly T[]): T[] {
    return items.filter(() => this.below(2) === 1);
  }

  percent(): number {
    return this.below(10_001) / 100;
  }

  flag(): boolean {
    return this.below(2) === 1;
  }
}

export const tapes: fc.Arbitrary<Tape> = fc
  .array(fc.nat({ max: 20_000 }), { minLength: LENGTH, maxLength: LENGTH })
  .map((numbers) => new Tape(numbers));

export type Field = string | number | boolean | string[] | { [key: string]: Field };
export type Fields = { [key: string]: Field };

export interface Written {
  text: string;
  /** First and last line, counted from 0, of every key of every feature: `checkout.percentage`. */
  spans: Map<string, [number, number]>;
}

const KEYS = ['checkout', 'search', 'new_cart'];
const ENTRIES = ['acme/one', 'Acme/Two', 'id-3', '0042', '7e10', 'a b', 'x#y', 'true', 'ünï/çode', "o'clock"];
const WORDS = ['plain', 'two words', '@acme/data', '010', "it's", 'a: b', 'x # y', 'null', ''];

export function drawEntries(tape: Tape): string[] {
  return tape.some(ENTRIES).slice(0, 4);
}

/** Values that a field may have. */
export const FIELDS: Readonly<Record<string, (tape: Tape) => Field>> = {
  percentage: (tape) => tape.percent(),
  active: (tape) => tape.flag(),
  emergency_stop: (tape) => tape.flag(),
  owner: (tape) => tape.pick('plain', ...WORDS),
  description: (tape) => tape.pick('plain', ...WORDS),
  salt: (tape) => tape.pick('a', 'b', '1e3', 'old key'),
  categories: (tape) => ['test', ...tape.some(['small', 'large'])],
  whitelist: drawEntries,
  blacklist: drawEntries,
  thresholds: (tape) => {
    const names = ['max_error_rate', ...tape.some(['minimum_jobs', 'advance_error_rate'])];
    return Object.fromEntries(names.map((name) => [name, tape.percent()]));
  },
};

/** Writes a file as people write it: comments, blank lines, quotes, flow and block, any indentation and line end. */
export function writeFile(
  tape: Tape,
  features: Record<string, Fields>,
  testRepositories: string[] | null,
): Written {
  const writer = new Writer(tape);
  writer.line(0, 'version: 1');
  if (testRepositories !== null) writer.field(0, 'test_repositories', testRepositories, '');
  writer.line(0, 'features:');
  for (const [key, fields] of Object.entries(features)) writer.feature(key, fields);
  return writer.finish();
}

export function drawFeatures(tape: Tape): Record<string, Fields> {
  const keys = KEYS.slice(0, 1 + tape.below(KEYS.length));
  return Object.fromEntries(keys.map((key) => [key, drawFields(tape)]));
}

function drawFields(tape: Tape): Fields {
  const fields = tape.some(Object.entries(FIELDS));
  return Object.fromEntries(fields.map(([name, value]) => [name, value(tape)]));
}

class Writer {
  private readonly tape: Tape;
  private readonly lines: string[] = [];
  private readonly spans = new Map<string, [number, number]>();
  private readonly step: number;
  private comments = 0;

  constructor(tape: Tape) {
    this.tape = tape;
    this.step = 1 + tape.below(4);
  }

  line(indent: number, text: string): void {
    if (this.tape.flag()) this.lines.push(this.tape.pick('', '  ', this.comment(), `   ${this.comment()}`));
    const behind = this.tape.pick('', '', '', ' ', ` ${this.comment()}`, `      ${this.comment()}`);
    this.lines.push(' '.repeat(indent) + text + behind);
  }

  feature(key: string, fields: Fields): void {
    const names = Object.keys(fields);
    if (names.length === 0) {
      this.line(this.step, `${key}:${this.tape.pick(' {}', ' { }', '', ' null')}`);
    } else if (this.tape.flag()) {
      this.line(this.step, `${key}: ${this.flow(fields)}`);
    } else {
      this.line(this.step, `${key}:`);
      const indent = this.step + 1 + this.tape.below(4);
      for (const [name, value] of Object.entries(fields)) this.field(indent, name, value, key);
    }
  }

  field(indent: number, name: string, value: Field, feature: string): void {
    const start = this.lines.length;
    if (Array.isArray(value) && value.length > 0 && this.tape.flag()) this.list(indent, name, value);
    else if (typeof value === 'object' && !Array.isArray(value) && this.tape.flag()) {
      this.line(indent, `${name}:`);
      for (const [key, item] of Object.entries(value))
        this.line(indent + this.step, `${key}: ${this.flow(item)}`);
    } else this.line(indent, `${name}:${this.tape.pick(' ', '   ')}${this.flow(value)}`);
    this.spans.set(`${feature}.${name}`, [start, this.lines.length - 1]);
  }

  finish(): Written {
    if (this.tape.flag()) this.lines.push(this.comment());
    const eol = this.tape.pick('\n', '\r\n');
    const text = this.tape.pick('', '', '\ufeff') + this.lines.join(eol);
    return { text: text + this.tape.pick(eol, eol, ''), spans: this.spans };
  }

  private list(indent: number, name: string, items: string[]): void {
    if (this.tape.flag()) {
      this.line(indent, `${name}:`);
      const inner = indent + this.tape.pick(0, this.step);
      const dash = this.tape.pick('- ', '-   ');
      for (const item of items) this.line(inner, dash + this.flow(item));
      return;
    }
    this.line(indent, `${name}: [`);
    const comma = this.tape.pick(',', '');
    for (const [i, item] of items.entries()) {
      this.line(indent + this.step, this.flow(item) + (i < items.length - 1 ? ',' : comma));
    }
    this.line(indent + 1, ']');
  }

  /** A value on one line. */
  private flow(value: Field): string {
    const gap = this.tape.pick('', ' ');
    if (Array.isArray(value)) {
      const comma = value.length > 0 ? this.tape.pick('', ',') : '';
      return `[${gap}${value.map((item) => this.flow(item)).join(`,${gap}`)}${comma}${gap}]`;
    }
    if (typeof value === 'object') {
      return `{${gap}${Object.entries(value)
        .map(([key, item]) => `${key}: ${this.flow(item)}`)
        .join(', ')}${gap}}`;
    }
    return typeof value === 'string' ? this.quoted(value) : String(value);
  }

  private quoted(text: string): string {
    const single = `'${text.replaceAll("'", "''")}'`;
    const isPlain = /^[a-z][a-zA-Z/-]*( [a-z]+)*$/.test(text) && !['null', 'true'].includes(text);
    return this.tape.pick(JSON.stringify(text), single, ...(isPlain ? [text, text] : []));
  }

  private comment(): string {
    this.comments += 1;
    return `# note ${this.comments}.`;
  }
}
