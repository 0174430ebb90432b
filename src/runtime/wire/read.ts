import { CATEGORIES, STRATEGIES, SUBJECT_TYPES } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';
import { fromWire, type WireFeature } from './newer.ts';
import { type Holders, WIRE_VERSION, type WireChange, type WireContent, type WireMoment } from './wire.ts';

type Check = (value: unknown) => boolean;

/**
 * Checks of a feature's fields. A new field that affects decisions goes into `newer`, or needs a new `WIRE_VERSION`.
 */
const FEATURE: Readonly<Record<keyof Omit<WireFeature, 'newer'>, Check>> = {
  feature: isText,
  subject: oneOf(SUBJECT_TYPES),
  active: isYesOrNo,
  emergency_stop: isYesOrNo,
  strategy: oneOf(STRATEGIES),
  percentage: isNumber,
  categories: orNull(listOf(oneOf(CATEGORIES))),
  whitelist: listOf(isText),
  blacklist: listOf(isText),
  salt: isText,
  epoch: isNumber,
  revision: orNull(isText),
  archived: isYesOrNo,
  routing: orNull(isObject),
  job_timeout: objectOf(isNumber),
  metrics: listOf(isText),
  slower_than: objectOf(isNumber),
  slower_than_by: objectOf(objectOf(isNumber)),
  max_error_rate: isNumber,
  auto_rollback: isYesOrNo,
};

const MOMENT: Readonly<Record<keyof WireMoment, Check>> = {
  version: isNumber,
  tag: isText,
  generation: isNumber,
  head: isObject,
  now: isNumber,
  read_at: isNumber,
  standby: isYesOrNo,
  heartbeat_at: orNull(isNumber),
  subjects: orNull(isText),
  facts: objectOf(isText),
};

/** Reads a relay's content. Throws `relay_incompatible` for another version, or for anything that is not a relay's. */
export function readContent(value: unknown): WireContent {
  const content = objectIn(value, 'the snapshot');
  refuseNewer(content);
  check('version', isNumber, content.version);
  check('environment', orNull(isText), content.environment);
  check('global_stop', isYesOrNo, content.global_stop);
  return {
    version: content.version as number,
    environment: content.environment as string | null,
    global_stop: content.global_stop as boolean,
    holders: readHolders(content.holders),
    features: readFeatures(content.features),
  };
}

/** Reads a relay's moment. Throws `relay_incompatible`. */
export function readMoment(value: unknown): WireMoment {
  const moment = objectIn(value, 'the moment');
  refuseNewer(moment);
  // Relays from before facts send none.
  return fieldsOf({ facts: {}, ...moment }, MOMENT) as unknown as WireMoment;
}

/** Reads a difference. Throws `relay_incompatible`. */
export function readChange(value: unknown): WireChange {
  const change = objectIn(value, 'the change');
  const moment = readMoment(change.moment);
  check('from', isText, change.from);
  check('environment', orNull(isText), change.environment);
  check('global_stop', isYesOrNo, change.global_stop);
  check('gone', listOf(isText), change.gone);
  return {
    moment,
    from: change.from as string,
    environment: change.environment as string | null,
    global_stop: change.global_stop as boolean,
    holders: change.holders === null ? null : readHolders(change.holders),
    features: readFeatures(change.features),
    gone: change.gone as string[],
  };
}

function readFeatures(value: unknown): RuntimeFeature[] {
  if (!Array.isArray(value)) throw foreign('features', value);
  return value.map((feature) => {
    // Relays from before guardrails, or before time limits by category, send none.
    const found = { metrics: [], slower_than: {}, slower_than_by: {}, ...objectIn(feature, 'a feature') };
    const { newer } = found as { newer?: unknown };
    const read = fieldsOf(found, FEATURE);
    const known = fromWire((newer === undefined ? read : { ...read, newer }) as unknown as WireFeature);
    if (known === null) throw foreign('newer', newer);
    return known;
  });
}

function readHolders(value: unknown): Holders {
  const holders = objectIn(value, 'holders');
  for (const subject of SUBJECT_TYPES)
    check(`holders.${subject}`, objectOf(listOf(isText)), holders[subject]);
  return holders as unknown as Holders;
}

/** Returns the known fields in one order; others were added later, and change no decision. */
function fieldsOf(
  found: Record<string, unknown>,
  checks: Readonly<Record<string, Check>>,
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [field, is] of Object.entries(checks)) {
    check(field, is, found[field]);
    read[field] = found[field];
  }
  return read;
}

function objectIn(value: unknown, what: string): Record<string, unknown> {
  if (!isObject(value)) throw foreign(what, value);
  return value as Record<string, unknown>;
}

function check(field: string, is: Check, value: unknown): void {
  if (!is(value)) throw foreign(field, value);
}

function foreign(field: string, value: unknown): RolloutError {
  const found = (JSON.stringify(value) ?? 'nothing').slice(0, 60);
  return new RolloutError('relay_incompatible', `the answer is not a relay's: ${field} is ${found}`, {
    hint: 'check the url of createRollout; it is the address of rollout serve, without /api',
  });
}

function refuseNewer({ version }: Record<string, unknown>): void {
  if (typeof version !== 'number' || version <= WIRE_VERSION) return;
  throw new RolloutError(
    'relay_incompatible',
    `the relay sends version ${version} of the snapshot, and this library reads ${WIRE_VERSION}`,
    { hint: 'update rollout-controller in this application' },
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function isYesOrNo(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function orNull(is: Check): Check {
  return (value) => value === null || is(value);
}

function listOf(is: Check): Check {
  return (value) => Array.isArray(value) && value.every(is);
}

function objectOf(is: Check): Check {
  return (value) => isObject(value) && Object.values(value as object).every(is);
}

function oneOf(words: readonly string[]): Check {
  return (value) => typeof value === 'string' && words.includes(value);
}
