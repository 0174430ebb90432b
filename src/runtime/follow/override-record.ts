import { errorText } from '../../lib/error-text.ts';
import { recordOverride } from '../../store/configuration/overrides.ts';
import { type EnvironmentOverrides, type OverrideNews, sentenceOf } from '../decide/environment.ts';
import type { DatabaseSettings } from '../host/database-settings.ts';
import type { Complaints } from '../host/throttled-log.ts';

/** Overrides of more features are recorded once for all of them. */
const MOST_RECORDED = 20;

/** Records overrides by environment variables in the log and in history, once per value. */
export class OverrideRecord {
  readonly #overrides: EnvironmentOverrides;
  readonly #settings: Pick<DatabaseSettings, 'log' | 'writes' | 'hostGroup'>;
  readonly #complaints: Complaints;

  constructor(
    overrides: EnvironmentOverrides,
    settings: Pick<DatabaseSettings, 'log' | 'writes' | 'hostGroup'>,
    complaints: Complaints,
  ) {
    this.#overrides = overrides;
    this.#settings = settings;
    this.#complaints = complaints;
  }

  /** Writes overrides that are not recorded yet. Never throws. */
  write(): void {
    for (const news of this.#overrides.takeNews()) {
      this.#settings.log(sentenceOf(news));
      void this.#keepInHistory(news);
    }
  }

  async #keepInHistory({ note, features }: OverrideNews): Promise<void> {
    const { writes, hostGroup } = this.#settings;
    try {
      for (const feature of features.length > MOST_RECORDED ? [null] : features) {
        await recordOverride(writes, `app:${hostGroup}`, feature, note, hostGroup);
      }
    } catch (error) {
      this.#complaints.say(`${note.variable} could not be kept in history: ${errorText(error)}`);
    }
  }
}
