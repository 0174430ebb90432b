import { errorText } from '../../lib/error-text.ts';
import { after } from '../../lib/portable/timers.ts';
import { oneAtATime } from '../../lib/single-flight.ts';
import type { SnapshotCache } from '../host/options.ts';
import type { Settings } from '../host/settings.ts';
import type { Complaints } from '../host/throttled-log.ts';
import { within } from '../host/timeout.ts';
import { type Kept, keptHead, keptText, readKept } from '../wire/kept.ts';
import type { WireContent } from '../wire/wire.ts';

/** Milliseconds from a change until it is written. */
const SOON_MS = 1_000;
/** How often within `maxStaleMs` a confirmation of the snapshot is written. */
const TIMES = 5;
/** Largest difference in milliseconds between this machine's clock and the database's. */
const SKEW_MS = 60_000;
/** Milliseconds that the start waits for the host's cache. */
const READ_MS = 2_000;

/** A snapshot to be written. */
type Writing = Parameters<typeof keptText>[0];

interface KeepingSettings {
  cache: SnapshotCache;
  /** Address of the database or relay of the snapshot; null: unknown, so any is accepted. */
  of: string | null;
  environment: string | null;
  maxStaleMs: number;
  /** Milliseconds that the end waits for the last write. */
  closeMs: number;
  /** The wall clock: without an answer there is no other. */
  wall: () => number;
  say(line: string): void;
}

/** Stores the snapshot for a start at which nobody answers. Never throws. */
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

  /** Returns the stored snapshot and its age; null if there is none or it is unusable, which is then logged. */
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

  /** Records that the snapshot was confirmed. Writes it soon if it is `news`, otherwise now and then. */
  confirmed(latest: () => Omit<Writing, 'of'>, news: boolean): void {
    const { of, maxStaleMs, wall } = this.#settings;
    this.#latest = () => ({ ...latest(), of });
    const since = wall() - this.#writtenAt;
    // After the clock was set back, the time of the last write is not usable.
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
   * Has another process stored a later confirmation? A process that ends must not overwrite it while its successor
   * already runs. A time in the future is ignored.
   */
  async #isNewer({ confirmed_at, of }: Kept): Promise<boolean> {
    const text = await textIn(this.#settings.cache).catch(() => null);
    const there = text === null ? null : keptHead(text);
    if (there === null || there.of !== of) return false;
    return there.confirmed_at > confirmed_at && there.confirmed_at <= this.#settings.wall() + SKEW_MS;
  }

  /** Writes the last confirmation. */
  async close(): Promise<void> {
    this.#callOff?.();
    await within(this.#settings.closeMs, this.#write());
  }
}

/** Reads the host's cache, which may return anything; throws if it takes too long. */
async function textIn(cache: SnapshotCache): Promise<string | null> {
  const answer = await within(
    READ_MS,
    Promise.resolve(cache.read()).then((text: unknown) => ({ text })),
  );
  if (answer === null) throw new Error(`no answer within ${READ_MS / 1_000} s`);
  return typeof answer.text === 'string' ? answer.text : null;
}

/** Returns null if the host has no cache. */
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
