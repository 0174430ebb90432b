import { isTestOf, type NotYet, notYetAllowed } from '../../domain/guardrails/allowance.ts';
import { effectOf, guardrailsOf, isBlind } from '../../domain/guardrails/guardrail.ts';
import { pausedBy } from '../../domain/guardrails/metric-read.ts';
import type { GuardrailBackTest } from '../../domain/simulation/guardrail-test.ts';
import { asKept } from '../../domain/simulation/kept-test.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import { DAY_MS } from '../../lib/time.ts';
import type { Store } from '../../store/store.ts';
import { liveFeatures } from '../health/live-features.ts';
import { queriesDigest } from '../health/queries-digest.ts';
import type { MetricEngine } from '../ports/metric-engine.ts';
import { type FileText, loadFile, refuseOtherEnvironment } from '../reconcile/file/desired.ts';
import { unknownInFile } from '../registry/known-feature.ts';
import { readGuardrailPast, testGuardrails } from './back-test.ts';
import { untilRefused } from './until-refused.ts';

/** One guardrail with its back-test. */
export interface TestedGuardrail extends GuardrailBackTest {
  /** True: subjects of its events are not told apart, so its back-test is stored. */
  blind: boolean;
  /** Why it may not roll back yet; null: it may. */
  notYet: NotYet | null;
}

export interface BackTestReport {
  feature: string;
  problems: Problem[];
  guardrails: TestedGuardrail[];
}

/**
 * Back-tests a feature's guardrails as they are in the file, and stores the tests of those that may not roll back
 * without one. Throws `unknown_feature`, `file_invalid` and `usage`.
 */
export async function backTestFile(
  { store, engine }: { store: Store; engine: MetricEngine | null },
  text: FileText,
  { feature, actor }: { feature: string; actor: string },
): Promise<BackTestReport> {
  const loaded = loadFile(text);
  if (!loaded.ok) return { feature, problems: loaded.problems, guardrails: [] };
  const { config, problems, broken } = loaded.file;
  if (broken.has(feature)) {
    throw new RolloutError('file_invalid', `${feature} has errors in ${text.path}`, {
      hint: `see them with: rollout validate --file ${text.path}`,
    });
  }
  const spec = config.features.get(feature);
  if (!spec) throw unknownInFile(text.path, feature, config.features);
  if (!spec.guardrails) {
    throw new RolloutError('usage', `${feature} has no guardrail to test`, {
      hint: 'write one under guardrails: of the feature',
    });
  }
  refuseOtherEnvironment(config, (await store.reading((read) => read.state())).environment);
  return { feature, problems, guardrails: await tested({ store, engine }, { feature, spec, actor }) };
}

/**
 * Tests again each guardrail that may not roll back yet although the file says rollback: at once if it was never
 * tested, or if the stored test is of another version (such as a file that somebody only tried), otherwise once a day.
 * Respects the pause that an engine asked for.
 */
export async function renewBackTests(
  { store, engine }: { store: Store; engine: MetricEngine },
  actor: string,
): Promise<void> {
  const due = await store.reading(async (read) => {
    const live = await liveFeatures(read);
    const kept = await read.guardrails.backTests(
      live.flatMap(({ spec, standing }) => (spec.guardrails ? [standing.feature] : [])),
    );
    const { now } = await read.state();
    const reads = await read.guardrails.metricReads(live.map(({ standing }) => standing.feature));
    const all = [...reads.values()].flatMap((ofFeature) => [...ofFeature.values()]);
    if (pausedBy(all, now)) return [];
    return live.filter(({ spec, standing }) =>
      guardrailsOf(spec).some(([metric, guardrail]) => {
        if (!isBlind(guardrail) || effectOf(guardrail) !== 'rollback') return false;
        const last = kept.get(standing.feature)?.get(metric);
        const digest = queriesDigest(guardrail);
        const notYet = notYetAllowed(guardrail, last, digest);
        if (notYet === null || notYet.code === 'no_correlation') return false;
        const fresh = last !== undefined && now.getTime() - last.testedAt.getTime() < DAY_MS;
        return !fresh || !isTestOf(last, guardrail, digest);
      }),
    );
  });
  const asking = untilRefused(engine);
  for (const { standing, spec } of due) {
    await tested({ store, engine: asking }, { feature: standing.feature, spec, actor });
  }
}

async function tested(
  { store, engine }: { store: Store; engine: MetricEngine | null },
  { feature, spec, actor }: { feature: string; spec: Spec; actor: string },
): Promise<TestedGuardrail[]> {
  const past = await store.reading((read) => readGuardrailPast(read, feature, spec));
  const tests = await testGuardrails(spec, past, engine);
  for (const { metric, guardrail, found } of tests) {
    // Stored events of a source without subjects may be incomplete, and never cover control alone.
    if (!isBlind(guardrail) || found.code !== 'tested' || found.by !== 'engine') continue;
    const digest = queriesDigest(guardrail) ?? '';
    await store.guardrails.keepBackTest({ ...asKept(found.test, digest, past.now), feature, metric, actor });
  }
  const kept = (await store.reading((read) => read.guardrails.backTests([feature]))).get(feature);
  return tests.map((one) => ({
    ...one,
    blind: isBlind(one.guardrail),
    notYet: notYetAllowed(one.guardrail, kept?.get(one.metric), queriesDigest(one.guardrail)),
  }));
}
