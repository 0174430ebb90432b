import { EVENT_KINDS, TIERS } from '../../domain/originals/pilot.ts';
import { subjectProblem, unkeptCharacter } from '../../domain/spec/subject-id.ts';
import { CATEGORIES } from '../../domain/spec/vocabulary.ts';
import { HOUR_MS } from '../../lib/time.ts';
import { fieldsOf, type Kind, kind, listOf, optional, wordOf } from './arguments.ts';
import type { ManagerOptions } from './types.ts';

const LONGEST_TEXT = 2_000;
const LONGEST_NAME = 255;
/** The longest duration of rollout.yaml: ten years. */
const LONGEST_WINDOW_MS = 315_360_000_000;

/** Can the database store this text? */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TEXT && unkeptCharacter(value) === null;
}

export const TEXT = kind(`text of at most ${LONGEST_TEXT} characters`, isText);

/** Reason of an operation. */
export const REASON = kind(
  `text that is not empty, of at most ${LONGEST_TEXT} characters`,
  (value): value is string => isText(value) && value.trim() !== '',
);

/** Reason of a stop: any text is accepted, because a stop must not be refused for it. */
export const STOP_REASON: Kind<string> = {
  words: 'text',
  read: (value, path) =>
    kind('text', (given): given is string => typeof given === 'string')
      .read(value ?? '', path)
      .slice(0, LONGEST_TEXT)
      .replace(/[\0\p{Cs}]/gu, '\ufffd'),
};

/** A short name of a feature, a processor or an actor. A migrated feature may have any name. */
export const NAME = kind(
  `text that is not empty, of at most ${LONGEST_NAME} characters, without control characters`,
  (value): value is string =>
    isText(value) && value.trim() !== '' && value.length <= LONGEST_NAME && !/\p{Cc}/u.test(value),
);

/** A subject: its id, or `owner/name`. */
export const SUBJECT = kind(
  'the id of a subject as text',
  (value): value is string => typeof value === 'string' && subjectProblem(value) === null,
  (value) => (typeof value === 'string' ? subjectProblem(value) : null),
);

export const YES = kind('true or false', (value): value is boolean => typeof value === 'boolean');

/** A percentage in the database's precision. */
export const PERCENTAGE = kind(
  'a number from 0 to 100 with at most two decimals',
  (value): value is number => typeof value === 'number' && value >= 0 && value <= 100 && hasAtMost(2, value),
);

/** Maximum number of returned rows. */
export const LIMIT = kind(
  'a whole number of at least 1',
  (value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 1,
);

/** For arguments whose wrong value must not lose the other ones. */
export const ANYTHING: Kind<unknown> = { words: 'anything', read: (value) => value };

export const MILLISECONDS = 'a number of milliseconds, at least 0';

export const CATEGORY = wordOf(CATEGORIES);
export const TIER = wordOf(TIERS.filter((tier) => tier !== 'tier_0_disabled'));
export const EVENT = wordOf(EVENT_KINDS);

/** Threshold at which a pilot counts as harmful. */
export const THRESHOLD = fieldsOf({
  errorRate: optional(
    kind(
      'a fraction from 0.0001 to 1 with at most four decimals (0.05 is five customers of a hundred)',
      (value): value is number =>
        typeof value === 'number' && value >= 0.0001 && value <= 1 && hasAtMost(4, value),
    ),
    0.05,
  ),
  timeWindow: optional(
    kind(
      'whole seconds as milliseconds, from 1000 to ten years (3600000 is an hour)',
      (value): value is number =>
        typeof value === 'number' && value >= 1_000 && value <= LONGEST_WINDOW_MS && value % 1_000 === 0,
    ),
    HOUR_MS,
  ),
});

export const SUBJECTS = listOf(SUBJECT);

const LOG = kind('a function', (value): value is (line: string) => void => typeof value === 'function');
const FILE: Kind<string | null> = kind(
  'a path, or null',
  (value): value is string | null => value === null || (typeof value === 'string' && value.trim() !== ''),
);
// process.env is not a plain object.
const ENVIRONMENT = kind(
  'an object of texts',
  (value): value is NonNullable<ManagerOptions['environment']> => typeof value === 'object' && value !== null,
);

const OPTIONS_SHAPE = {
  connectionString: optional(TEXT),
  file: optional(FILE),
  environment: optional(ENVIRONMENT),
  log: optional(LOG),
};

export const OPTIONS = fieldsOf(OPTIONS_SHAPE);
export const FEATURE_OPTIONS = fieldsOf({ ...OPTIONS_SHAPE, feature: optional(NAME) });

function hasAtMost(decimals: number, value: number): boolean {
  const scaled = value * 10 ** decimals;
  return Math.abs(scaled - Math.round(scaled)) < 1e-6;
}
