import type { ServerResponse } from 'node:http';
import { SUBJECT_TYPES, type SubjectType } from '../../domain/spec/vocabulary.ts';
import type { Published, SnapshotSource } from '../../runtime/wire/source.ts';
import { BEAT_MS, EVENTS, WIRE_VERSION, type WireMoment } from '../../runtime/wire/wire.ts';
import { Content, type WrittenChange } from './content.ts';
import { FactsBody } from './facts.ts';
import { Followers, type StreamLimits } from './followers.ts';
import { SubjectsBody } from './subjects.ts';

/** Largest event in bytes; for a larger one, followers request the whole compressed content. */
const LARGEST_EVENT = 32 * 1024;

/** Passes the library's data on to applications without a database. It decides nothing. */
export class Relay {
  readonly followers: Followers;
  readonly #source: SnapshotSource;
  readonly #content = new Content();
  readonly #subjects = new SubjectsBody();
  readonly #facts = { repository: new FactsBody(), customer: new FactsBody() };
  readonly #endings: (() => void)[];
  /** The last moment sent to followers, besides the content. */
  #told = '';

  constructor(source: SnapshotSource, limits: StreamLimits) {
    this.#source = source;
    this.followers = new Followers(limits);
    const beating = setInterval(() => this.#beat(), BEAT_MS);
    beating.unref();
    this.#endings = [source.onReading(() => this.#read()), () => clearInterval(beating)];
    this.#read();
  }

  /** Returns the present moment; null before the first snapshot. */
  moment(): WireMoment | null {
    const published = this.#source.published();
    if (published === null) return null;
    const { generation, head, now, standby, heartbeat_at } = published.state;
    return {
      ...{ version: WIRE_VERSION, tag: this.#content.tag, generation, head },
      ...{ now: this.#source.time(), read_at: now.getTime(), standby },
      heartbeat_at: heartbeat_at?.getTime() ?? null,
      subjects: this.#subjects.tagOf(published.categories),
      facts: this.#factsTags(published),
    };
  }

  body(packed: boolean): Promise<Buffer> {
    return this.#content.body(packed);
  }

  /** Returns categories of repositories; null if they could not be read. */
  async subjects(): Promise<Buffer | null> {
    await this.#source.wantCategories();
    const categories = this.#source.published()?.categories ?? null;
    return categories && this.#subjects.of(categories);
  }

  /** Returns facts of subjects of one type; null if no feature needs them, or they are not read yet. */
  facts(subject: SubjectType): Buffer | null {
    const facts = this.#source.published()?.facts[subject] ?? null;
    return facts && this.#facts[subject].of(facts);
  }

  #factsTags({ facts }: Published): WireMoment['facts'] {
    return Object.fromEntries(
      SUBJECT_TYPES.flatMap((subject) => {
        const of = facts[subject];
        return of === null ? [] : [[subject, this.#facts[subject].tagOf(of)]];
      }),
    );
  }

  follow(response: ServerResponse, owner: string, headers: Record<string, string>, moment: WireMoment): void {
    this.followers.add(response, owner, headers, eventOf(EVENTS.hello, { moment }));
  }

  close(): void {
    for (const end of this.#endings) end();
    this.followers.close(eventOf(EVENTS.closing, {}));
  }

  /** After each reading: sends followers the change, or at once a notice that there is one to request. */
  #read(): void {
    const published = this.#source.published();
    if (published === null) return;
    const change = this.#content.take(published);
    const told = this.#toldNow(published);
    const isNews = change !== null || told !== this.#told;
    this.#told = told;
    const moment = this.moment();
    if (moment === null || !isNews || this.followers.open === 0) return;
    this.followers.write(this.#eventFor(change, moment));
  }

  #toldNow(published: Published): string {
    const { state, categories } = published;
    return `${state.generation} ${this.#subjects.tagOf(categories)} ${JSON.stringify(this.#factsTags(published))}`;
  }

  #eventFor(change: WrittenChange | null, moment: WireMoment): Buffer {
    if (change === null) return eventOf(EVENTS.beat, { moment });
    const event = eventOf(EVENTS.change, { moment, ...change });
    return event.length > LARGEST_EVENT ? eventOf(EVENTS.beat, { moment }) : event;
  }

  #beat(): void {
    const moment = this.moment();
    if (moment !== null && this.followers.open > 0) this.followers.write(eventOf(EVENTS.beat, { moment }));
  }
}

function eventOf(name: string, data: object): Buffer {
  return Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
