import type { ActualFeature } from '../../domain/plan/actual.ts';
import type { TestsChange } from '../../domain/plan/impact.ts';
import { admitsNobody, atMost } from '../../domain/spec/at-most.ts';
import type { Incident } from '../../domain/spec/incident.ts';
import { namesIn, resolveLists, sortedSet } from '../../domain/spec/resolve.ts';
import type { ResolvedExposure, Spec, Step } from '../../domain/spec/spec.ts';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import { RolloutError } from '../../errors.ts';
import type { Reader } from '../../store/store.ts';
import { type FileText, type LoadedFile, loadFile } from '../reconcile/file/desired.ts';
import { testsChange } from '../reconcile/file/file-difference.ts';
import { requireFeature, unknownFeature, unknownInFile } from '../registry/known-feature.ts';

export interface Question {
  feature: string;
  /** Id, or `owner/name` of a repository. */
  subject: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Explain the decision at this moment. */
  at?: Date | undefined;
  /** Explain the decision by this file. */
  proposed?: FileText | undefined;
}

/** The spec to explain, and its source. */
export interface Basis {
  exposure: ResolvedExposure | null;
  /** The answer if there is no spec to explain. */
  nothing?: string;
  subjectType: SubjectType;
  revision: string | null;
  /** The test repositories of a proposed file; null: those of the database. */
  tests?: TestsChange | null;
  /** The further steps of the ramp; left out if not known. */
  steps?: readonly Step[];
  caveats: string[];
}

export function basisOf(read: Reader, input: Question): Promise<Basis> {
  if (input.proposed) return proposedBasis(read, input, input.proposed);
  return input.at ? pastBasis(read, input.feature, input.at) : presentBasis(read, input.feature);
}

async function presentBasis(read: Reader, feature: string): Promise<Basis> {
  const actual = (await read.features.actual(feature)).get(feature);
  if (!actual) throw await unknownFeature(read, feature);
  const { columns, settings, revision } = actual;
  const inside = (await read.incidents.quarantined(feature)).map(({ subject }) => subject);
  const exposure = { ...columns, blacklist: sortedSet([...columns.blacklist, ...inside]) };
  const ramp = actual.spec ? { steps: actual.spec.steps } : {};
  return { exposure, subjectType: settings.subject, revision, ...ramp, caveats: [] };
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
  const { steps, subject } = spec;
  return { exposure, subjectType: subject, revision: proposed.revision, steps, tests, caveats };
}

/** Would the file take effect despite the incident: is it narrower, and of the held subject type? */
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
  throw unknownInFile(proposed.path, feature, loaded.file.config.features);
}
