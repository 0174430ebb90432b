import { after } from '../../lib/portable/timers.ts';
import { oneAtATime } from '../../lib/single-flight.ts';
import type { Queryable } from '../../store/db/client.ts';
import type { Decider } from '../decide/decider.ts';
import type { Needs, Registry } from '../decide/registry.ts';
import { type Repetition, repeat } from '../host/poll.ts';

/** Longest delay until manual changes of the registry are seen; the controller's own changes raise the generation. */
const LONGEST_UNSEEN_MS = 60_000;
const LONGEST_DELAY_MS = 2_000;
/** Largest share of one connection's time that reading may take. */
const SHARE = 0.01;

/** Keeps the registry data of decisions current, without a scan at every change of configuration. */
export class RegistryKeeper {
  readonly #db: Queryable;
  readonly #decider: Decider;
  readonly #registry: Registry;
  readonly #onChange: (features: string[]) => void;
  /** True: categories are read although no feature needs them. */
  #always = false;
  /** Milliseconds that the last reading took. */
  #cost = 0;
  #callOff: (() => void) | null = null;
  readonly #repetition: Repetition;

  /** Reads what is needed now; without a need does nothing. Never throws: errors go to `onFailure`. */
  readonly refresh: () => Promise<void>;

  constructor(
    { db, decider, registry }: { db: Queryable; decider: Decider; registry: Registry },
    onChange: (features: string[]) => void,
    onFailure: (error: unknown) => void,
  ) {
    this.#db = db;
    this.#decider = decider;
    this.#registry = registry;
    this.#onChange = onChange;
    this.refresh = oneAtATime(async () => {
      const needs = this.#needs();
      if (needs === null) return;
      const began = performance.now();
      try {
        await this.readNames();
        await registry.refreshCategories(db, needs);
        await registry.refreshFacts(db, needs);
        // Only of successful readings: one that failed after minutes must not delay the next one for hours.
        this.#cost = performance.now() - began;
      } catch (error) {
        registry.forgetPlace();
        onFailure(error);
      }
    });
    this.#repetition = repeat(this.refresh, () => Math.max(LONGEST_UNSEEN_MS, this.#cost / SHARE));
  }

  /** Reads categories from now on, whatever the features need. */
  async wantCategories(): Promise<void> {
    if (this.#always) return;
    this.#always = true;
    await this.refresh();
  }

  #needs(): Needs | null {
    const needs = this.#decider.needs();
    if (!this.#always) return needs;
    return {
      names: { repository: [], customer: [] },
      attributes: { repository: [], customer: [] },
      ...needs,
      categories: true,
    };
  }

  /**
   * Reads the subjects of names in blacklists, and throws on failure. Without categories too few subjects are in;
   * without these names a blacklisted one would be.
   */
  async readNames(): Promise<void> {
    const needs = this.#needs();
    if (needs === null) return;
    const names = await this.#registry.refreshNames(this.#db, needs);
    if (names.size > 0) this.#onChange(this.#decider.renamed(names));
  }

  /** Somebody may have moved: reads soon, at a random moment, so that processes do not all read at once. */
  soon(): void {
    if (this.#callOff !== null || this.#needs() === null) return;
    const delay = Math.random() * Math.min(LONGEST_DELAY_MS, 10 * this.#cost);
    this.#callOff = after(delay, () => {
      this.#callOff = null;
      void this.refresh();
    });
  }

  close(): void {
    this.#callOff?.();
    this.#repetition.stop();
  }
}
