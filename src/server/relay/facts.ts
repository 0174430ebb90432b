import type { FactsTable } from '../../runtime/decide/facts-table.ts';
import { WIRE_VERSION } from '../../runtime/wire/wire.ts';

interface Facts {
  table: FactsTable;
  revision: string;
}

/**
 * Facts of subjects of one type in wire form: a line of JSON with the seed, the attributes and the distinct sets of
 * values, and then for each subject the 8 bytes of its id's hash and the 4 bytes of its set's number, from 1.
 */
export class FactsBody {
  /** Specific to this relay, because its seed is. */
  readonly #relay = crypto.randomUUID().slice(0, 8);
  #written: { revision: string; body: Buffer } | null = null;

  tagOf({ revision }: Facts): string {
    return `${this.#relay}.${revision}`;
  }

  of(facts: Facts): Buffer {
    if (this.#written?.revision !== facts.revision) {
      this.#written = { revision: facts.revision, body: this.#write(facts) };
    }
    return this.#written.body;
  }

  #write(facts: Facts): Buffer {
    const { names, seed, values } = facts.table;
    const head = {
      ...{ version: WIRE_VERSION, tag: this.tagOf(facts), seed: [seed.high, seed.low] },
      ...{ names, profiles: values },
    };
    return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), facts.table.entries()]);
  }
}
