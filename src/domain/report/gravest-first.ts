import { compareText } from '../../lib/text.ts';
import { FEATURE_STATES } from './feature-state.ts';
import type { ReportFeature } from './report.ts';

/** Sorts features gravest first, in the order in which a person on call reads them. */
export function gravestFirst(features: readonly ReportFeature[]): ReportFeature[] {
  const place = ({ state }: ReportFeature) => FEATURE_STATES.indexOf(state);
  return [...features].sort((a, b) => place(a) - place(b) || compareText(a.feature, b.feature));
}
