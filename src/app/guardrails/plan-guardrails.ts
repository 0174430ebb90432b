import { alteredGuardrails } from '../../domain/guardrails/altered.ts';
import { isBlind } from '../../domain/guardrails/guardrail.ts';
import type { PlannedChange } from '../../domain/plan/impact.ts';
import type { GuardrailBackTest } from '../../domain/simulation/guardrail-test.ts';
import { type Expected, expectedOf } from '../../domain/simulation/kept-test.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import type { Reader, Store } from '../../store/store.ts';
import { queriesDigest } from '../health/queries-digest.ts';
import type { AskedEngine } from '../ports/metric-engine.ts';
import { type FileText, loadFile } from '../reconcile/file/desired.ts';
import { readGuardrailPast, testGuardrails } from './back-test.ts';

/** One guardrail of a proposed feature with its back-test. */
export interface PlannedGuardrail extends GuardrailBackTest {
  /** True: the change adds or alters it. Engines are queried only for altered guardrails. */
  altered: boolean;
  /** Future permission; null: subjects of its events are told apart, so it needs no back-test. */
  expected: Expected | null;
}

interface Dependencies {
  store: Store;
  engine: AskedEngine;
}

/** Returns the guardrails that a plan adds or alters, by feature; features without one are left out. Reads only. */
export async function planGuardrails(
  deps: Dependencies,
  text: FileText,
  changes: readonly PlannedChange[],
): Promise<Map<string, PlannedGuardrail[]>> {
  const found = new Map<string, PlannedGuardrail[]>();
  const loaded = loadFile(text);
  if (!loaded.ok) return found;
  for (const { feature, write } of changes) {
    const spec = loaded.file.config.features.get(feature);
    if (!spec?.guardrails || !write) continue;
    const altered = await deps.store.reading((read) => alteredBy(read, feature, spec));
    if (altered.size === 0) continue;
    const tested = await planGuardrailsOf(deps, feature, spec);
    found.set(
      feature,
      tested.filter((one) => one.altered),
    );
  }
  return found;
}

/** Returns every guardrail of a feature in a proposed file. */
export async function planGuardrailsOf(
  { store, engine }: Dependencies,
  feature: string,
  spec: Spec,
): Promise<PlannedGuardrail[]> {
  if (!spec.guardrails) return [];
  const { past, kept, altered } = await store.reading(async (read) => ({
    past: await readGuardrailPast(read, feature, spec),
    kept: (await read.guardrails.backTests([feature])).get(feature),
    altered: await alteredBy(read, feature, spec),
  }));
  const tests = await testGuardrails(spec, past, engine, altered);
  return tests.map((one) => {
    const { metric, guardrail, found } = one;
    const of = { digest: queriesDigest(guardrail), now: past.now };
    const expected = isBlind(guardrail) ? expectedOf(guardrail, found, kept?.get(metric), of) : null;
    return { ...one, altered: altered.has(metric), expected };
  });
}

async function alteredBy(read: Reader, feature: string, spec: Spec): Promise<Set<string>> {
  const actual = (await read.features.actual(feature)).get(feature);
  return alteredGuardrails(actual?.spec ?? {}, spec);
}
