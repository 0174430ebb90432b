import { errorText } from '../../lib/error-text.ts';
import { after } from '../../lib/portable/timers.ts';
import { oneAtATime } from '../../lib/single-flight.ts';
import type { SnapshotCache } from '../host/options.ts';
import type { Settings } from '../host/settings.ts';
import type { Complaints } from '../host/throttled-log.ts';
import { within } from '../host/timeout.ts';
import { type Kept, keptHead, keptText, readKept } from '../wire/kept.ts';
import type { WireContent } from '../wire/wire.ts';

/** From a change to the writing of it. */
const SOON_MS = 1_000;
/** So often within `maxStaleMs` it is written that the snapshot was confirmed. */
const TIMES = 5;
/** The clock of this machine and the database's may be so far apart. */
const SKEW_MS = 60_000;
/** The start waits so long for the cache of the host. */
const READ_MS = 2_000;

/** A snapshot on its way to the disk. */
type Writing = Parameters<typeof keptText>[0];

interface KeepingSettings {
  cache: SnapshotCache;
  /** Of which database or relay the snapshot is; null: of whatever the host says. */
  of: string | null;
  environment: string | null;
  maxStaleMs: number;
  /** The end waits so long for the last writing. */
  closeMs: number;
  /** The wall clock: there is no other one where nobody answers. */
  wall: () => number;
  say(line: string): void;
}

/** Keeps the snapshot for a start at which nobody answers. Never throws. */
export class Keeping {
  readonly #settings: KeepingSettings;
  readonly #write: () => Promise<void>;
  #latest: (() => Writing) | null = null;
  #callOff: (() => void) | null = null;
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(settings: KeepingSettings) {
    this.#settings = settings;
    this.#write = oneAtATime(() => this.#writeLatest());
  }

  /** What was kept, and how old it is; null where nothing is, or nothing that can be used, which is then said. */
  async recall(): Promise<{ content: WireContent; ageMs: number } | null> {
    const { cache, of, environment, wall, say } = this.#settings;
    let text: string | null;
    try {
      text = await textIn(cache);
    } catch (error) {
      say(`the kept snapshot could not be read: ${errorText(error)}`);
      return null;
    }
    if (text === null) return null;
    const kept = readKept(text);
    const problem = 'problem' in kept ? kept.problem : foreign(kept, of, environment);
    if ('problem' in kept || problem !== null) {
      say(`the kept snapshot is ignored: ${problem}`);
      return null;
    }
    const ageMs = wall() - kept.confirmed_at;
    if (ageMs < -SKEW_MS) {
      say('the kept snapshot is ignored: it is of a time that has not come yet, so its age is not known');
      return null;
    }
    return { content: kept.content, ageMs: Math.max(0, ageMs) };
  }

  /** The snapshot was confirmed. It is written soon where it is `news`, else now and then. */
  confirmed(latest: () => Omit<Writing, 'of'>, news: boolean): void {
    const { of, maxStaleMs, wall } = this.#settings;
    this.#latest = () => ({ ...latest(), of });
    const since = wall() - this.#writtenAt;
    // A clock that was set back says nothing of when it was written.
    if (!news && since >= 0 && since < maxStaleMs / TIMES) return;
    this.#callOff ??= after(SOON_MS, () => {
      this.#callOff = null;
      void this.#write();
    });
  }

  async #writeLatest(): Promise<void> {
    if (this.#latest === null) return;
    const { cache, wall, say } = this.#settings;
    this.#writtenAt = wall();
    try {
      const latest = this.#latest();
      if (await this.#isNewer(latest)) return;
      await cache.write(keptText(latest));
    } catch (error) {
      say(`the snapshot could not be kept: ${errorText(error)}`);
    }
  }

  /**
   * Has another process kept what the database confirmed later? One that ends must not put back what was before, while
   * the one that takes its place runs already. A time that has not come yet says nothing.
   */
  async #isNewer({ confirmed_at, of }: Kept): Promise<boolean> {
    const text = await textIn(this.#settings.cache).catch(() => null);
    const there = text === null ? null : keptHead(text);
    if (there === null || there.of !== of) return false;
    return there.confirmed_at > confirmed_at && there.confirmed_at <= this.#settings.wall() + SKEW_MS;
  }

  /** Writes what was confirmed last. */
  async close(): Promise<void> {
    this.#callOff?.();
    await within(this.#settings.closeMs, this.#write());
  }
}

/** What the host's cache answers, which may be anything; throws where it takes too long. */
async function textIn(cache: SnapshotCache): Promise<string | null> {
  const answer = await within(
    READ_MS,
    Promise.resolve(cache.read()).then((text: unknown) => ({ text })),
  );
  if (answer === null) throw new Error(`no answer within ${READ_MS / 1_000} s`);
  return typeof answer.text === 'string' ? answer.text : null;
}

/** Null where the host keeps none. */
export function keepingFor(
  {
    cache,
    environment,
    maxStaleMs,
    closeMs,
  }: Pick<Settings, 'cache' | 'environment' | 'maxStaleMs' | 'closeMs'>,
  of: string | null,
  complaints: Pick<Complaints, 'say'>,
): Keeping | null {
  if (cache === null) return null;
  const say = (line: string) => complaints.say(line);
  return new Keeping({ cache, of, environment, maxStaleMs, closeMs, wall: Date.now, say });
}

export function sentenceOfRecall(ageMs: number): string {
  return `nobody answers: decisions come from the kept snapshot, ${Math.round(ageMs / 1_000)} s old`;
}

function foreign(kept: Kept, of: string | null, environment: string | null): string | null {
  if (of !== null && kept.of !== null && kept.of !== of) return `it is of ${kept.of}, not of ${of}`;
  const there = kept.content.environment;
  if (environment !== null && there !== null && there !== environment) {
    return `it is of the environment ${JSON.stringify(there)}, not ${JSON.stringify(environment)}`;
  }
  return null;
}
