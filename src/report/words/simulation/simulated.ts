import type { BackTest } from '../../../domain/simulation/back-test.ts';
import type { Comparison } from '../../../domain/simulation/back-test-compare.ts';
import type { GuardrailBackTest } from '../../../domain/simulation/guardrail-test.ts';
import type { MeasuredTraffic } from '../../../domain/simulation/measured.ts';
import type { Analysis } from '../../../domain/simulation/monitor.ts';
import type { Characteristics } from '../../../domain/simulation/operating.ts';
import type { SoakNeeded } from '../../../domain/simulation/soak.ts';
import type { NormalTraffic } from '../../../domain/simulation/traffic.ts';
import type { Problem } from '../../../domain/spec/problem.ts';
import type { Spec } from '../../../domain/spec/spec.ts';

/** The simulation of one feature, as the formatters need it. */
export interface SimulationLike {
  feature: string;
  spec: Pick<Spec, 'analysis' | 'thresholds' | 'steps' | 'percentage' | 'rollback'>;
  traffic:
    | (NormalTraffic & {
        jobsTogether: number;
        measured: Pick<
          MeasuredTraffic,
          'counts' | 'since' | 'until' | 'clumping' | 'bursts' | 'meanSeconds'
        > | null;
      })
    | null;
  runs: number;
  rules: Record<Analysis, Characteristics & { soak: SoakNeeded }> | null;
  backTest: (BackTest & { comparisons: readonly Comparison[] }) | null;
  /** Back-tests of its guardrails; empty without a database. */
  guardrails: readonly GuardrailBackTest[];
}

export interface SimulationReportLike {
  file: string;
  seed: number;
  problems: readonly Problem[];
  features: readonly SimulationLike[];
}
