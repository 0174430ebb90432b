import { type TickInput, tick } from '../../../src/app/tick/tick.ts';
import { heartbeatOf, receiversOf } from '../../../src/compose/environment/receivers.ts';
import type { Printed } from '../../../src/domain/change/notice.ts';
import type { TickResult } from '../../../src/domain/change/round.ts';
import type { IncidentEntry } from '../../../src/store/incidents/incidents.ts';
import { pass, record, type Traffic } from '../data/traffic.ts';
import type { TestDatabase } from '../database/database.ts';
import { fileOf, type GitProject, gitProject } from './project.ts';

export type Ticked = TickResult & {
  /** What was printed, as `severity kind feature`. */
  printed: string[];
};

export type TickWorld = GitProject & {
  /** One run of the scheduled controller in this process. */
  tick(options?: { webhook?: string; environment?: TickInput['environment'] }): Promise<Ticked>;
  /** Records jobs of a feature without a fuse: what the tick does is tried alone. */
  record(feature: string, ...parts: Traffic[]): Promise<void>;
  /** Lets minutes go by, whole quarters of an hour. */
  pass(minutes: number): Promise<void>;
  /** rollout.yaml at the tip of a branch. */
  fileAt(branch?: string): Promise<string>;
  /** Messages of the commits beyond a commit, newest first. */
  commitsSince(commit: string): Promise<string[]>;
  incidents(feature?: string): Promise<IncidentEntry[]>;
  row(feature: string): Promise<Row>;
  /** How many subjects the database admits. */
  eligible(feature: string): Promise<number>;
};

export interface Row {
  percentage: number;
  active: boolean;
  stopped: boolean;
  epoch: number;
}

function noticeOf({ severity, kind, feature }: Printed): string {
  return `${severity} ${kind} ${feature}`;
}

let ticks = 0;

/** A git repository with this rollout.yaml, reconciled into a database of its own; its features have no fuse. */
export async function tickWorld(features: Record<string, object>, rest: object = {}): Promise<TickWorld> {
  return tickWorldOf(tickFile(features, rest));
}

/** A file whose features are judged by the tick alone, unless `rest` says otherwise. */
export function tickFile(features: Record<string, object>, rest: object = {}): string {
  return fileOf(features, { ...WITHOUT_FUSE, ...rest });
}

/** What the file says at its top for that. */
export const WITHOUT_FUSE = { defaults: { rollback: { fuse: false } } };

export async function tickWorldOf(text: string): Promise<TickWorld> {
  const world = await gitProject();
  const { db, controller, repository } = world;
  await world.commit(text, 'begin');
  await world.reconcile();
  await knownTimes(db);
  const { store } = controller;
  return {
    ...world,
    tick: async ({ webhook, environment = {} } = {}) => {
      const printed: string[] = [];
      ticks += 1;
      const url = webhook === undefined ? {} : { ROLLOUT_WEBHOOK_URL: webhook };
      const result = await tick(
        {
          ...{
            ...controller,
            receivers: receiversOf({ ...environment, ...url }),
            heartbeat: heartbeatOf(environment),
          },
          print: (notice) => printed.push(noticeOf(notice)),
        },
        { actor: 'ticker', environment, holder: `tick ${ticks}` },
      );
      return { ...result, printed };
    },
    record: (feature, ...parts) => recordWithoutFuse(db, feature, ...parts),
    pass: (minutes) => pass(db, minutes),
    fileAt: async (branch = 'main') => `${await repository.git('show', `${branch}:rollout.yaml`)}\n`,
    commitsSince: async (commit) => {
      const log = await repository.git('log', '-z', '--format=%B', `${commit}..main`);
      return log.split('\0').filter(Boolean);
    },
    incidents: (feature) => store.reading((read) => read.incidents.list({ feature })),
    row: async (feature) => {
      const [row] = await db.rows<Row & Record<string, unknown>>(
        `select rollout_percentage::float8 as percentage, is_active as active, emergency_stop as stopped, epoch
         from rollout_configuration where feature_name = $1`,
        [feature],
      );
      if (!row) throw new Error(`there is no feature ${feature}`);
      return row;
    },
    eligible: async (feature) => {
      const [row] = await db.rows<{ n: number }>(
        'select coalesce(sum(eligible), 0)::int as n from rollout_count_eligible($1)',
        [feature],
      );
      return row?.n ?? 0;
    },
  };
}

/** Records jobs that the next tick judges: the feature has no fuse, and the epoch is not too young. */
export async function recordForTick(db: TestDatabase, feature: string, ...parts: Traffic[]): Promise<void> {
  await knownTimes(db);
  await recordWithoutFuse(db, feature, ...parts);
}

/** Records jobs, and refuses those of a feature that the fuse would roll back before the tick sees them. */
export async function recordWithoutFuse(
  db: TestDatabase,
  feature: string,
  ...parts: Traffic[]
): Promise<void> {
  const live = await db.rows(
    'select from rollout_configuration c where feature_name = $1 and rollout_fuse_is_live(c)',
    [feature],
  );
  if (live.length > 0) throw new Error(`${feature} has a fuse: its file needs rollback.fuse: false`);
  await record(db, feature, ...parts);
}

/** Jobs are known to be short, from an epoch before: no epoch is too young to be judged. */
export async function knownTimes(db: TestDatabase): Promise<void> {
  const features = await db.rows<{ name: string }>('select feature_name as name from rollout_configuration');
  const short = { jobs: 100, ms: 1, arm: 'control', epoch: 0, minutesAgo: 10 * 24 * 60 } as const;
  for (const { name } of features) await record(db, name, short);
}

/** A feature that goes up by itself, a day a step. */
export function ramp(percentage: number, rest: object = {}): object {
  return {
    percentage,
    steps: [
      { percentage: 10, soak: '24h' },
      { percentage: 25, soak: '24h' },
      { percentage: 50, soak: '24h' },
    ],
    advance: 'commit',
    ...rest,
  };
}

/** What the tick says of one feature, in short. */
export function verdictOf(result: Pick<TickResult, 'results'>, feature: string): string[] {
  const found = result.results.find((one) => one.feature === feature);
  if (!found) return ['not judged'];
  const { judgement, action } = found;
  return [judgement.verdict, judgement.reasonCode, judgement.scope, action];
}
