import { type ParseResult, parseConfig } from '../../../config/read/parse.ts';
import { exceeds } from '../../../domain/plan/decide/agreement.ts';
import type { Desired, DesiredFeature, FileErrors } from '../../../domain/plan/desired.ts';
import type { Incident } from '../../../domain/spec/incident.ts';
import type { Problem } from '../../../domain/spec/problem.ts';
import { foldName, namesIn, resolveLists, sortedSet } from '../../../domain/spec/resolve.ts';
import type { RolloutConfig, Spec } from '../../../domain/spec/spec.ts';
import { RolloutError } from '../../../errors.ts';
import type { Reader } from '../../../store/store.ts';
import type { Agreement, ConfigurationRepository } from '../../ports/configuration-repository.ts';

/** A file that is valid outside the features; single features may have errors. */
export interface LoadedFile {
  path: string;
  revision: string | null;
  config: RolloutConfig;
  problems: Problem[];
  broken: ParseResult['broken'];
}

/** The file as text, before it is validated. */
export interface FileText {
  path: string;
  content: string | Uint8Array;
  revision: string | null;
}

export type Loaded = { ok: true; file: LoadedFile } | { ok: false; problems: Problem[] };

export function loadFile({ path, content, revision }: FileText): Loaded {
  const { config, problems, broken } = parseConfig(content);
  return config ? { ok: true, file: { path, revision, config, problems, broken } } : { ok: false, problems };
}

/** The database's state against which the file is read. */
export type Snapshot = Awaited<ReturnType<typeof readSnapshot>>;

export async function readSnapshot(read: Reader, specs: Iterable<Spec>) {
  const names = [...specs].flatMap(namesIn);
  return {
    state: await read.state(),
    features: await read.features.actual(),
    incidents: await read.incidents.current(),
    refusals: await read.features.refusals(),
    names: await read.registry.ownersOf(names),
  };
}

/** Returns the file's features with their lists resolved: kept entries keep their id, new ones are looked up. */
export function desiredOf(
  file: LoadedFile,
  snapshot: Pick<Snapshot, 'features' | 'names'>,
  adopted = false,
): Desired {
  const features = new Map<string, DesiredFeature>();
  for (const [feature, spec] of file.config.features) {
    const kept = snapshot.features.get(feature)?.resolved ?? {};
    const resumes = file.config.resumes.get(feature) ?? null;
    const skips_steps = file.config.skips_steps.has(feature);
    features.set(feature, { spec, resumes, skips_steps, ...resolveLists(spec, kept, snapshot.names) });
  }
  return {
    revision: file.revision,
    features,
    broken: new Map([...file.broken].map(([feature, problems]) => [feature, errorsOf(problems)])),
    freeze: file.config.freeze,
    adopted,
  };
}

function errorsOf(problems: readonly Problem[]): FileErrors {
  const [first] = problems;
  if (!first) return { line: null, message: 'its part of the file has errors', more: 0 };
  const { file, line, message } = first;
  return { ...(file === undefined ? {} : { file }), line, message, more: problems.length - 1 };
}

/**
 * Adds the settlements: asks the repository for the relation of the tip to the commits that settled incidents. Only
 * incidents that the file exceeds are asked about; the plan ignores the others, whose number grows.
 */
export async function withSettlements(
  snapshot: Snapshot,
  desired: Desired,
  repository: ConfigurationRepository,
): Promise<Incident[]> {
  const parsed = parsedOnce();
  return Promise.all(
    snapshot.incidents.map(async (incident) => {
      const wanted = desired.features.get(incident.feature);
      if (incident.state !== 'settled' || !wanted || !exceeds(wanted, incident)) return incident;
      // Without a commit on both sides there is no order between the two.
      if (desired.revision === null || incident.settled_by.length === 0) {
        return { ...incident, settlement: 'uncommitted' as const };
      }
      const agreement = agreementWith(incident, snapshot, parsed);
      return {
        ...incident,
        settlement: await repository.settlement(desired.revision, incident.settled_by, agreement),
      };
    }),
  );
}

/** An absent feature raises nothing; an unreadable one may ask for anything. */
function agreementWith(
  incident: Incident,
  { state, features, names }: Snapshot,
  parsed: (content: Uint8Array) => ParseResult,
): Agreement {
  const { feature } = incident;
  const kept = features.get(feature)?.resolved ?? {};
  return {
    agrees: (content) => {
      if (content === null) return true;
      const { config, broken } = parsed(content);
      if (!config || broken.has(feature)) return null;
      const spec = config.features.get(feature);
      return !spec || !exceeds({ spec, ...resolveLists(spec, kept, names) }, incident);
    },
    applied: state.revision,
  };
}

/** Many incidents ask about the same few commits, and parsing a large file takes a second. */
function parsedOnce(): (content: Uint8Array) => ParseResult {
  const known = new WeakMap<Uint8Array, ParseResult>();
  return (content) => {
    const result = known.get(content) ?? parseConfig(content);
    known.set(content, result);
    return result;
  };
}

/** Throws `environment_mismatch` for a file of another environment, which must never reach this database. */
export function refuseOtherEnvironment(config: RolloutConfig, stored: string | null): void {
  if (stored === null || stored === config.environment) return;
  throw new RolloutError(
    'environment_mismatch',
    `the file says environment: ${config.environment}, but this is the database of ${stored}`,
    { hint: 'check DATABASE_URL, or the environment of the file' },
  );
}

/** Returns `test_repositories` normalized for comparison: ids as written, names in lower case. */
export function testEntries(config: RolloutConfig): string[] {
  return sortedSet(config.test_repositories.map((entry) => (entry.includes('/') ? foldName(entry) : entry)));
}
