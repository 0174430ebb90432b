import {
  bucketsBelow,
  type Decision,
  evaluate,
  type Overrides,
  type Subject,
} from '../../domain/eligibility/eligibility.ts';
import { explainDecision } from '../../domain/eligibility/explanation.ts';
import { type OverrideNote, readOverrides } from '../../domain/eligibility/overrides.ts';
import { asksForFacts, type Facts } from '../../domain/spec/audience/audience.ts';
import type { ResolvedExposure } from '../../domain/spec/spec.ts';
import type { Category } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import { type Moment, momentAt } from '../../lib/moment.ts';
import type { KnownSubject } from '../../store/registry/lookup.ts';
import type { Reader, Store } from '../../store/store.ts';
import { refuseBadSubject } from '../operate/lists.ts';
import { type Basis, basisOf, type Question } from './explain-basis.ts';

const MOST_INCIDENTS = 10_000;

export interface Explanation extends Decision {
  feature: string;
  subject: string;
  name: string | null;
  category: Category | null;
  /** Commit of the applied file. */
  revision: string | null;
  /** The incident that holds the feature. */
  incident: string | null;
  /** The decision in one sentence. */
  sentence: string;
  /** The basis of the answer, and facts that could not be known. */
  caveats: string[];
  overrides: OverrideNote[];
}

export interface ExplainInput extends Omit<Question, 'at'> {
  at?: Moment | undefined;
}

/**
 * Explains why a subject is in or out: now, at a moment in the past, or by a proposed file. Throws `unknown_feature`
 * for a name that no feature has or had, and `usage` for a text that cannot be an id.
 */
export async function explain(store: Store, asked: ExplainInput): Promise<Explanation> {
  refuseBadSubject(asked.subject, 'subject');
  return store.reading(async (read) => {
    const input: Question = { ...asked, at: asked.at && pastMoment(asked.at, (await read.state()).now) };
    const basis = await basisOf(read, input);
    const subject = await subjectOf(read, input, basis);
    const { overrides, notes } = await overridesFor(read, input, basis.exposure);
    const decision = evaluate(basis.exposure, subject, overrides);
    const quarantined = await quarantineOf(read, input, subject.id);
    if (!input.at && !input.proposed)
      await refuseDisagreement(read, input.feature, subject, overrides, decision);
    return {
      feature: input.feature,
      subject: subject.id,
      name: subject.name ?? null,
      category: subject.category ?? null,
      ...decision,
      revision: basis.revision,
      incident: await holdOf(read, input),
      sentence: basis.nothing ?? explainDecision(input.feature, subject, basis.exposure, decision),
      caveats: [...basis.caveats, ...subject.caveats, ...quarantined, ...approvals(basis, decision)],
      overrides: notes,
    };
  });
}

function pastMoment(moment: Moment, now: Date): Date {
  const at = momentAt(moment, now);
  if (typeof at !== 'string') return at;
  throw new RolloutError('usage', `--at ${at}`, {
    hint: 'name a time that has passed, such as 2h or 3d; a time without a zone is UTC',
  });
}

/** Approvals by a person that the subject waits for, now or later in the ramp. */
function approvals({ steps = [], exposure }: Basis, { eligible, reason, bucket }: Decision): string[] {
  if (eligible || reason !== 'percentage' || bucket === null || exposure === null) return [];
  const later = steps.filter(({ percentage }) => percentage > exposure.percentage);
  const enters = later.findIndex(({ percentage }) => bucket < bucketsBelow(percentage));
  const approved = later.slice(0, enters + 1).find(({ approve }) => approve);
  return approved
    ? [
        `it enters with the step to ${later[enters]?.percentage}%; a person approves ${approved.percentage}% by a pull request`,
      ]
    : [];
}

/** Whatever the file says, a subject in quarantine now is out. */
async function quarantineOf(read: Reader, { feature, at }: Question, subject: string): Promise<string[]> {
  if (at) return [];
  const inside = (await read.incidents.quarantined(feature)).find((one) => one.subject === subject);
  return inside
    ? [`in quarantine since ${inside.began_at.toISOString()}, whatever the file says: ${inside.reason}`]
    : [];
}

async function subjectOf(
  read: Reader,
  input: Question,
  basis: Basis,
): Promise<Subject & { caveats: string[] }> {
  const known = await read.registry.subject(basis.subjectType, input.subject, basis.tests);
  if (!known) {
    const caveat = `${input.subject} is not in the registry, so it has no name, no category and no attributes`;
    return { id: input.subject, name: null, category: null, facts: null, caveats: [caveat] };
  }
  if (!input.at) return { ...known, caveats: [] };
  const { facts, caveats } = await factsThen(read, basis, known, input.at);
  if (basis.subjectType === 'customer') return { ...known, facts, caveats };
  const then = await read.registry.categoryAt(known.id, input.at);
  if (then.known) return { ...known, facts, category: then.category, caveats };
  const caveat = 'its category at that time was not kept: taken as not categorised';
  return { ...known, facts, category: null, caveats: [...caveats, caveat] };
}

/** A subject that was added later had no attributes and no owner at that time. */
async function factsThen(
  read: Reader,
  { subjectType, exposure }: Basis,
  known: KnownSubject,
  at: Date,
): Promise<{ facts: Facts | null; caveats: string[] }> {
  if (known.registered_at <= at) {
    return { facts: (await read.registry.factsAt(subjectType, known.id, at)) ?? known.facts, caveats: [] };
  }
  const isAsked = exposure !== null && asksForFacts(exposure);
  return {
    facts: null,
    caveats: isAsked ? ['it came into the registry later: taken without attributes'] : [],
  };
}

async function overridesFor(
  read: Reader,
  input: Question,
  exposure: ResolvedExposure | null,
): Promise<{ overrides: Overrides; notes: OverrideNote[] }> {
  if (input.at || input.proposed) return { overrides: {}, notes: [] };
  const limits = {
    percentage: exposure?.percentage ?? 0,
    rollback: { enabled: true },
    thresholds: { max_error_rate: 100 },
  };
  const { overrides, notes } = readOverrides(input.environment, input.feature, limits);
  const { global_stop } = await read.state();
  const { env_stop, percentage, strategy } = overrides;
  return {
    overrides: {
      ...(env_stop === undefined ? {} : { env_stop }),
      ...(percentage === undefined ? {} : { percentage }),
      ...(strategy === undefined ? {} : { strategy }),
      global_stop: global_stop !== null,
    },
    notes: notes.filter(({ variable }) => /STOP|PERCENTAGE|STRATEGY/.test(variable)),
  };
}

/** Reads the incident that holds the feature, now or at a moment in the past. */
async function holdOf(read: Reader, { feature, at }: Question): Promise<string | null> {
  const incidents = await read.incidents.list({ feature, limit: MOST_INCIDENTS });
  const opened = new Map(incidents.map(({ id, opened_at }) => [id, opened_at]));
  const hold = incidents.find(({ opened_at, settled_at, resumed_at, superseded_by, state }) => {
    if (!at) return state === 'open';
    const superseded_at = superseded_by === null ? null : (opened.get(superseded_by) ?? null);
    const ends = [settled_at, resumed_at, superseded_at];
    return opened_at <= at && ends.every((end) => end === null || end > at);
  });
  return hold?.id ?? null;
}

/** TypeScript and SQL implement one definition: if they ever differ, throws instead of giving a wrong answer. */
async function refuseDisagreement(
  read: Reader,
  feature: string,
  subject: Subject,
  overrides: Overrides,
  decision: Decision,
): Promise<void> {
  if (overrides.env_stop || overrides.percentage !== undefined || overrides.strategy !== undefined) return;
  const inDatabase = await read.registry.evaluate(feature, subject.id);
  if (inDatabase.eligible === decision.eligible && inDatabase.reason === decision.reason) return;
  throw new RolloutError(
    'database_incompatible',
    `the database decides ${inDatabase.eligible} (${inDatabase.reason}), the library ${decision.eligible} (${decision.reason})`,
    { hint: 'is the database migrated to this version? run: rollout migrate' },
  );
}
