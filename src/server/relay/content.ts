import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { holdersOf } from '../../runtime/wire/content-of.ts';
import { toWire, type WireFeature } from '../../runtime/wire/newer.ts';
import type { Published } from '../../runtime/wire/source.ts';
import { WIRE_VERSION, type WireChange } from '../../runtime/wire/wire.ts';

type Feature = Published['features'][number];

/** A feature as last serialized, because an unchanged row is not serialized again. */
interface Written {
  row: Feature;
  text: string;
}

/** A serialized change, without the moment. */
export type WrittenChange = Omit<WireChange, 'moment' | 'features'> & { features: WireFeature[] };

const compressed = promisify(gzip);

/** Content of a relay, serialized once for all readers. */
export class Content {
  readonly #features = new Map<string, Written>();
  #head = '';
  #holders = '';
  #tag = '';
  #body: { tag: string; plain: Buffer; packed: Promise<Buffer> | null } | null = null;

  /** Tag of the last content; empty before the first. */
  get tag(): string {
    return this.#tag;
  }

  /** Updates the content; returns the changes, or null if there are none. */
  take({ state, features, holders }: Published): WrittenChange | null {
    const from = this.#tag;
    const changed = features.filter((row) => this.#features.get(row.feature)?.row !== row);
    const here = new Set(features.map(({ feature }) => feature));
    const gone = [...this.#features.keys()].filter((feature) => !here.has(feature));
    for (const row of changed) this.#features.set(row.feature, { row, text: JSON.stringify(toWire(row)) });
    for (const feature of gone) this.#features.delete(feature);
    const written = holdersOf(holders);
    const holdersText = JSON.stringify(written);
    const head = `"environment":${JSON.stringify(state.environment)},"global_stop":${state.global_stop}`;
    const newHolders = holdersText !== this.#holders;
    if (from !== '' && changed.length + gone.length === 0 && !newHolders && head === this.#head) return null;
    this.#holders = holdersText;
    this.#head = head;
    this.#tag = this.#tagNow();
    if (this.#tag === from) return null;
    return {
      from,
      environment: state.environment,
      global_stop: state.global_stop,
      holders: newHolders ? written : null,
      features: changed.map(toWire),
      gone,
    };
  }

  /** Computed only from what decides, so that every relay of one database has the same tag. */
  #tagNow(): string {
    const hash = createHash('sha256').update(`${WIRE_VERSION}\n${this.#head}\n${this.#holders}\n`);
    for (const text of this.#texts()) hash.update(text).update('\n');
    return hash.digest('base64url').slice(0, 22);
  }

  #texts(): string[] {
    const keys = [...this.#features.keys()].sort();
    return keys.map((key) => this.#features.get(key)?.text ?? '');
  }

  /** Returns the whole content, for a reader without it or with another one. */
  async body(packed: boolean): Promise<Buffer> {
    if (this.#body?.tag !== this.#tag) {
      const fields = [
        `"version":${WIRE_VERSION}`,
        this.#head,
        `"holders":${this.#holders}`,
        `"features":[${this.#texts().join(',')}]`,
      ];
      const plain = Buffer.from(`{${fields.join(',')}}`);
      this.#body = { tag: this.#tag, plain, packed: null };
    }
    const { plain } = this.#body;
    if (!packed) return plain;
    this.#body.packed ??= compressed(plain);
    return this.#body.packed;
  }
}
