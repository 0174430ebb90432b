import { fillSpec } from '../config/fill.ts';
import { soakOf } from '../domain/advance.ts';
import { stateOf } from '../domain/feature-state.ts';
import { freezeAt } from '../domain/freeze.ts';
import { heartbeatIsStale } from '../domain/heartbeat.ts';
import { admitsNobody } from '../domain/narrower.ts';
import { byKey } from '../domain/rates.ts';
import type { ReportData, ReportFeature } from '../domain/report.ts';
import type { Spec } from '../domain/spec.ts';
import { nextOf, type SentenceFacts, stateSentence } from '../report/feature-sentence.ts';
import type { State } from '../store/snapshot.ts';
import type { FeatureStanding } from '../store/standing.ts';
import type { Reader, Store } from '../store/store.ts';
import { healthReader } from './feature-health.ts';
import { adviceFor } from './report-advice.ts';
import { emptyRates, emptyScores, exposureNow, weeksOf } from './report-series.ts';
import { bySize, requireFeature } from './status.ts';

export interface ReportOptions {
  /** One feature alone; every one that is not archived without it. */
  feature?: string | undefined;
  /** Whitelisted subjects and error texts may be in it. Default false. */
  showNames?: boolean;
  /** `https://host/owner/name`; nothing is linked without it. */
  repositoryUrl?: string | null;
  /**
   * Advice about soaks, which simulates the feature's traffic for up to some hundred milliseconds a feature.
   * Default true; a page that is asked for all the time does without.
   */
  simulate?: boolean;
}

const INCIDENTS = 20;
const HISTORY = 100;
/** Weeks that costs and advice look at. */
const WEEKS = 4;

/** Everything there is to tell, on one unchanging view of the database. Throws `unknown_feature`. */
export function readReport({ store }: { store: Store }, options: ReportOptions = {}): Promise<ReportData> {
  return store.reading(async (read) => {
    const state = await read.state();
    if (options.feature !== undefined) await requireFeature(read, options.feature);
    return {
      generated_at: state.now,
      environment: state.environment,
      revision: state.revision,
      repository_url: options.repositoryUrl ?? null,
      heartbeat: state.heartbeat_at,
      heartbeat_stale: heartbeatIsStale(state.heartbeat_at, state.now),
      global_stop: state.global_stop,
      freeze: freezeAt(state.freezes, state.now),
      history_head: await read.historyHead(),
      names_shown: options.showNames ?? false,
      features: await readFeatures(read, state, options),
    };
  });
}

async function readFeatures(read: Reader, state: State, options: ReportOptions): Promise<ReportFeature[]> {
  const tell = await featureReader(read, state, options);
  const features: ReportFeature[] = [];
  for (const standing of await read.standings(options.feature)) {
    if (!standing.archived || options.feature !== undefined) features.push(await tell(standing));
  }
  return features;
}

/** Reads what is known of every feature at once; then tells of each. */
async function featureReader(read: Reader, state: State, options: ReportOptions) {
  const { feature: only, showNames = false } = options;
  const healthOf = await healthReader(read, state, only);
  const rows = await read.features(only);
  const exposures = byKey(await read.exposures(only), ({ feature }) => feature);
  const rates = byFeature(await read.rateSeries(only));
  const scores = byFeature(await read.scoreSeries(only));
  const turns = byKey(await read.turns(only), ({ feature }) => feature);
  const incidents = byKey(await read.incidentDetails(INCIDENTS, only), ({ feature }) => feature);
  const sums = byKey(await read.processorSums(WEEKS, only), ({ feature }) => feature);
  const counts = await read.historyCounts(only);

  return async (standing: FeatureStanding): Promise<ReportFeature> => {
    const name = standing.feature;
    const row = rows.get(name);
    const spec = specOf(name, row);
    const categories = bySize(await read.eligible(name));
    const health = await healthOf(standing, categories);
    const live = row !== undefined && !admitsNobody(row.columns) && state.global_stop === null;
    const history = await read.history({ feature: name, limit: HISTORY });
    const found = (incidents.get(name) ?? []).map(without);
    const points = exposureNow((exposures.get(name) ?? []).map(without), state.global_stop);
    const turned = (turns.get(name) ?? []).map(without);
    const soak = live ? await soakNow(read, standing, spec, health.soak_left ?? 0) : null;
    const freeze = freezeAt(state.freezes, state.now);
    const ready = health.next_step !== null && health.advance?.startsWith('waits:') === false;
    const facts = {
      stopped: standing.emergency_stop || state.global_stop !== null,
      held: standing.incident !== null,
      live,
      paused: spec.paused,
      freeze: freeze !== null,
      verdict: health.verdict?.verdict ?? null,
      next: health.next_step,
      soakLeft: health.soak_left ?? 0,
      ready,
    };
    const word = stateOf(facts);
    const total = (of: 'eligible' | 'total') => categories.reduce((sum, one) => sum + one[of], 0);
    const sentence: SentenceFacts = {
      feature: name,
      spec,
      state: word,
      since: sinceOf(word, standing, { points, turned, soakSince: soak?.since ?? null, state }),
      eligible: state.global_stop ? 0 : total('eligible'),
      total: total('total'),
      verdict: health.verdict,
      global_stop: state.global_stop,
      incident: found.find(({ state: of }) => of === 'open') ?? null,
      freezeUntil: freeze?.to ?? null,
      advance: health.advance,
      soakLeft: facts.soakLeft,
      ready,
      now: state.now,
    };
    const { error_texts, ...shown } = health;
    const weeks = weeksOf(sums.get(name) ?? [], spec, points, state.now, WEEKS);
    return {
      ...{ feature: name, description: spec.description, owner: spec.owner, subject: standing.subject },
      ...{ strategy: standing.strategy, percentage: standing.percentage, active: standing.active },
      ...{ emergency_stop: standing.emergency_stop, paused: spec.paused, epoch: standing.epoch },
      ...{ epoch_started_at: standing.epoch_started_at, step_started_at: standing.step_started_at },
      ...{ revision: standing.revision, state: word, since: sentence.since },
      ...{ sentence: stateSentence(sentence), next: nextOf(sentence), soak, steps: spec.steps },
      ...{ thresholds: spec.thresholds, analysis: spec.analysis, rollback_enabled: spec.rollback.enabled },
      ...{ eligible: sentence.eligible, total: sentence.total, categories },
      category_filter: spec.categories,
      lists: listsOf(spec, showNames),
      health: { ...shown, error_texts: showNames ? error_texts : [] },
      exposure: points,
      rates: rates.get(name) ?? emptyRates(),
      scores: scores.get(name) ?? emptyScores(),
      turns: turned,
      incidents: found,
      history: history.map(historyOf),
      history_left_out: Math.max(0, (counts.get(name) ?? 0) - history.length),
      cost: weeks.cost,
      weeks: { now: weeks.now, before: weeks.before },
      advice: await adviceFor(read, {
        ...{ standing, spec, live, health, weeks, points, turned, incidents: found, now: state.now },
        simulate: options.simulate ?? true,
      }),
    };
  };
}

/** What was reconciled, with what the columns say of exposure; defaults where nothing was. */
function specOf(
  feature: string,
  row: Awaited<ReturnType<Reader['features']>> extends Map<string, infer R> ? R | undefined : never,
): Spec {
  const spec = row?.spec ?? fillSpec(feature, {}, {});
  return row ? { ...spec, ...row.columns, subject: row.settings.subject } : spec;
}

async function soakNow(
  read: Reader,
  { feature, epoch, step_started_at }: FeatureStanding,
  spec: Spec,
  left: number,
): Promise<ReportFeature['soak']> {
  const seconds = soakOf(spec);
  if (seconds === 0) return null;
  const { since } = await read.soak(feature, epoch, step_started_at);
  return { since, seconds, left, share: Math.round(Math.max(0, 1 - left / seconds) * 1_000) / 10 };
}

interface SinceFacts {
  points: ReportFeature['exposure'];
  turned: ReportFeature['turns'];
  soakSince: Date | null;
  state: State;
}

function sinceOf(word: ReportFeature['state'], standing: FeatureStanding, facts: SinceFacts): Date {
  const { points, turned, soakSince, state } = facts;
  if (word === 'stopped' || word === 'held')
    return standing.incident_opened_at ?? state.global_stop?.at ?? standing.step_started_at;
  if (word === 'off') return points.at(-1)?.at ?? standing.step_started_at;
  const verdicts = ['harmful', 'error', 'suspect', 'warning', 'gathering', 'no_data'];
  if (verdicts.includes(word)) return turned.at(-1)?.at ?? standing.epoch_started_at;
  return soakSince ?? standing.step_started_at;
}

function listsOf({ whitelist, blacklist }: Spec, showNames: boolean): ReportFeature['lists'] {
  return {
    whitelist: whitelist.length,
    blacklist: blacklist.length,
    names: showNames ? { whitelist, blacklist } : null,
  };
}

function historyOf(entry: Awaited<ReturnType<Reader['history']>>[number]): ReportFeature['history'][number] {
  const { id, action, previous_percentage, new_percentage, reason, session_role, revision } = entry;
  const row = { id, action, previous_percentage, new_percentage, reason, session_role, revision };
  return { ...row, at: entry.created_at, by: entry.triggered_by };
}

function byFeature<T extends { feature: string }>(rows: readonly T[]): Map<string, Omit<T, 'feature'>> {
  return new Map(rows.map((row) => [row.feature, without(row)]));
}

function without<T extends { feature: string }>({ feature: _feature, ...rest }: T): Omit<T, 'feature'> {
  return rest;
}
