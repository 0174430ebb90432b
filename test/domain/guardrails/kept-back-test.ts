import type { KeptBackTest } from '../../../src/domain/guardrails/allowance.ts';
import { guardrail } from '../../store/guardrails/events.ts';

const QUERY = { bad: 'bad{arm="$arm"}[$step]', all: 'all{arm="$arm"}[$step]', subject_label: null };

/** A guardrail that may roll back, whose metric does not tell subjects apart. */
export const BLIND = { ...guardrail({ source: 'prometheus', limit: 2, correlation: 0.1 }), query: QUERY };

/** A back-test of seven days that found nothing. */
export function kept(rest: Partial<KeptBackTest> = {}): KeptBackTest {
  return {
    ...{ queriesDigest: 'digest', limit: 2, correlation: 0.1, measured: 0.05 },
    ...{ from: new Date('2026-11-01'), until: new Date('2026-11-08'), days: 7, events: 1_000, bad: 10 },
    ...{ alarms: [], testedAt: new Date('2026-11-08') },
    ...rest,
  };
}
