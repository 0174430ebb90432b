import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import { freezeAt } from '../../domain/spec/freeze.ts';
import { heartbeatIsStale } from '../../domain/spec/heartbeat.ts';
import type { State } from '../../store/configuration/state.ts';
import type { Reader, Store } from '../../store/store.ts';
import { requireFeature } from '../registry/known-feature.ts';
import { featureReader, type ReportOptions } from './report-feature.ts';

export type { ReportOptions } from './report-feature.ts';

/** Reads the whole report on one consistent snapshot of the database. Throws `unknown_feature`. */
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
      history_head: await read.history.head(),
      names_shown: options.showNames ?? false,
      features: await readFeatures(read, state, options),
    };
  });
}

async function readFeatures(read: Reader, state: State, options: ReportOptions): Promise<ReportFeature[]> {
  const standings = await read.features.standings(options.feature);
  const tell = await featureReader(read, state, standings, options);
  const features: ReportFeature[] = [];
  for (const standing of standings) {
    if (!standing.archived || options.feature !== undefined) features.push(await tell(standing));
  }
  return features;
}
