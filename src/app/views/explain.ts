import {
  type Decision,
  evaluate,
  type Overrides,
  type Subject,
} from '../../domain/eligibility/eligibility.ts';
import { explainDecision } from '../../domain/eligibility/explanation.ts';
import { type OverrideNote, readOverrides } from '../../domain/eligibility/overrides.ts';
import type { ActualFeature } from '../../domain/plan/actual.ts';
import type { TestsChange } from '../../domain/plan/impact.ts';
import { admitsNobody, atMost } from '../../domain/spec/at-most.ts';
import type { Incident } from '../../domain/spec/incident.ts';
import { namesIn, resolveLists } from '../../domain/spec/resolve.ts';
import type { ResolvedExposure, Spec } from '../../domain/spec/spec.ts';
import type { Category, SubjectType } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import { type Moment, momentAt } from '../../lib/moment.ts';
import type { Reader, Store } from '../../store/store.ts';
import { refuseBadSubject } from '../operate/lists.ts';
import { type FileText, type LoadedFile, loadFile } from '../reconcile/file/desired.ts';
import { testsChange } from '../reconcile/file/file-difference.ts';
import { requireFeature, unknownFeature } from '../registry/known-feature.ts';

const MOST_INCIDENTS = 10_000;

export interface Explanation extends Decision {
  feature: string;
  subject: string;
  name: string | null;
  category: Category | null;
  /** Commit of the file that was in force. */
  revision: string | null;
  /** The incident that holds the feature. */
  incident: string | null;
  /** The decision in one sentence. */
  sentence: string;
  /** What the answer rests on, and what could not be known. */
  caveats: string[];
  overrides: OverrideNote[];
}

interface Question {
  feature: string;
  /** Id, or `owner/name` of a repository. */
  subject: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Answer as of this moment. */
  at?: Date | undefined;
  /** Answer as this file would have it. */
  proposed?: FileText | undefined;
}

export interface ExplainInput extends Omit<Question, 'at'> {
  at?: Moment | undefined;
}

/** The spec that the question is about, and where it comes from. */
interface Basis {
  exposure: ResolvedExposure | null;
  /** The answer where there was nothing to ask about. */
  nothing?: string;
  subjectType: SubjectType;
  revision: string | null;
  /** The test repositories of a proposed file; null: those of the database. */
  tests?: TestsChange | null;
  caveats: string[];
}

/**
 * Why a subject is in or out: now, at a moment in the past, or as a proposed file would have it. Throws
 * `unknown_feature` for a name that no feature has or had, and `usage` for a text that can be nobody's id.
 */
export async function explain(store: Store, asked: ExplainInput): Promise<Explanation> {
  refuseBadSubject(asked.subject, 'subject');
  return store.reading(async (read) => {
    const input: Question = { ...asked, at: asked.at && pastMoment(asked.at, (await read.state()).now) };
    const basis = await basisOf(read, input);
    const subject = await subjectOf(read, input, basis);
    const { overrides, notes } = await overridesFor(read, input, basis.exposure);
    const decision = evaluate(basis.exposure, subject, overrides);
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
      caveats: [...basis.caveats, ...subject.caveats],
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

function basisOf(read: Reader, input: Question): Promise<Basis> {
  if (input.proposed) return proposedBasis(read, input, input.proposed);
  return input.at ? pastBasis(read, input.feature, input.at) : presentBasis(read, input.feature);
}

async function presentBasis(read: Reader, feature: string): Promise<Basis> {
  const actual = (await read.features.actual(feature)).get(feature);
  if (!actual) throw await unknownFeature(read, feature);
  const { columns, settings, revision } = actual;
  return { exposure: columns, subjectType: settings.subject, revision, caveats: [] };
}

async function pastBasis(read: Reader, feature: string, at: Date): Promise<Basis> {
  const entry = await read.history.at(feature, at);
  if (!entry) {
    await requireFeature(read, feature);
    const nothing = `history knows nothing of ${feature} at ${at.toISOString()}: by what was kept, it was off for everyone`;
    return { exposure: null, nothing, subjectType: 'repository', revision: null, caveats: [] };
  }
  const kept = entry.metadata as { spec: ResolvedExposure; subject?: SubjectType };
  const caveats = [
    `as of ${at.toISOString()}, by history row ${entry.id}`,
    'names and the global stop are not kept over time: the blacklist is matched by id and present name',
  ];
  return {
    exposure: kept.spec,
    subjectType: kept.subject ?? 'repository',
    revision: entry.revision,
    caveats,
  };
}

async function proposedBasis(read: Reader, input: Question, proposed: FileText): Promise<Basis> {
  const { file, spec } = proposedSpec(input.feature, proposed);
  const actual = (await read.features.actual(input.feature)).get(input.feature);
  const { exposure } = resolveLists(
    spec,
    actual?.resolved ?? {},
    await read.registry.ownersOf(namesIn(spec)),
  );
  const hold = (await read.incidents.current()).find(
    (i) => i.feature === input.feature && i.state === 'open',
  );
  const caveats = [`as ${proposed.path} would have it`];
  const { global_stop, test_repositories } = await read.state();
  if (global_stop) caveats.push(`but every feature is stopped, so nobody would be in: ${global_stop.reason}`);
  if (hold && !isReleased(exposure, spec.subject, hold, actual)) {
    caveats.push(`but incident ${hold.id} holds the feature, so this would not take effect: ${hold.reason}`);
  }
  const tests = testsChange(file, test_repositories);
  return { exposure, subjectType: spec.subject, revision: proposed.revision, tests, caveats };
}

/** Would the file take effect in spite of the incident: is it narrower, and about subjects of the kind that is held? */
function isReleased(
  exposure: ResolvedExposure,
  subject: SubjectType,
  { held }: Incident,
  actual: ActualFeature | undefined,
): boolean {
  const sameKind =
    !actual || actual.settings.subject === subject || admitsNobody(exposure) || admitsNobody(held);
  return sameKind && atMost(exposure, held);
}

function proposedSpec(feature: string, proposed: FileText): { file: LoadedFile; spec: Spec } {
  const loaded = loadFile(proposed);
  const hint = `see every problem with: rollout validate --file ${proposed.path}`;
  if (!loaded.ok) throw new RolloutError('file_invalid', `${proposed.path} has errors`, { hint });
  if (loaded.file.broken.has(feature)) {
    throw new RolloutError('file_invalid', `${feature} has errors in ${proposed.path}`, { hint });
  }
  const spec = loaded.file.config.features.get(feature);
  if (spec) return { file: loaded.file, spec };
  throw new RolloutError('unknown_feature', `${proposed.path} has no feature ${feature}`, {
    hint: `it has ${[...loaded.file.config.features.keys()].join(', ') || 'none'}`,
  });
}

async function subjectOf(
  read: Reader,
  input: Question,
  basis: Basis,
): Promise<Subject & { caveats: string[] }> {
  const known = await read.registry.subject(basis.subjectType, input.subject, basis.tests);
  if (!known) {
    const caveat = `${input.subject} is in no registry, so it has no name and no category`;
    return { id: input.subject, name: null, category: null, caveats: [caveat] };
  }
  if (!input.at || basis.subjectType === 'customer') return { ...known, caveats: [] };
  const then = await read.registry.categoryAt(known.id, input.at);
  if (then.known) return { ...known, category: then.category, caveats: [] };
  const caveat = 'its category at that time was not kept: taken as not categorised';
  return { ...known, category: null, caveats: [caveat] };
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

/** The incident that holds the feature: now, or at a moment in the past. */
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

/** One definition in two languages: if they ever differ, nobody may be told the wrong one. */
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
