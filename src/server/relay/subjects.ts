import { CATEGORIES } from '../../domain/spec/vocabulary.ts';
import type { Published } from '../../runtime/wire/source.ts';
import { WIRE_VERSION } from '../../runtime/wire/wire.ts';

type Categories = NonNullable<Published['categories']>;

/**
 * Categories of repositories in wire form: a line of JSON with the seed and the number per category, and then the
 * hashes of their ids, 8 bytes each, in the order of the counts.
 */
export class SubjectsBody {
  /** Specific to this relay, because its seed is. */
  readonly #relay = crypto.randomUUID().slice(0, 8);
  #written: { revision: string; body: Buffer } | null = null;

  tagOf(categories: Published['categories']): string | null {
    return categories && `${this.#relay}.${categories.revision}`;
  }

  of(categories: Categories): Buffer {
    if (this.#written?.revision !== categories.revision) {
      this.#written = { revision: categories.revision, body: this.#write(categories) };
    }
    return this.#written.body;
  }

  #write(categories: Categories): Buffer {
    const { table, seed } = categories;
    const parts = CATEGORIES.map((category) => table.hashesOf(category));
    const head = {
      ...{ version: WIRE_VERSION, tag: this.tagOf(categories), seed: [seed.high, seed.low] },
      counts: Object.fromEntries(CATEGORIES.map((category, i) => [category, (parts[i]?.length ?? 0) / 8])),
    };
    return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...parts]);
  }
}
