import { atMost, strictlyLess } from '../spec/at-most.ts';
import { same } from '../spec/difference.ts';
import { EXPOSURE_FIELDS, type Exposure, type ResolvedExposure, withField } from '../spec/spec.ts';

/** The difference between the columns and what may be live now, by field. */
export interface Drift {
  /** Fields reduced manually: kept, as an incident. */
  adopted: (keyof Exposure)[];
  /** Fields made wider or changed otherwise: put back. */
  repaired: (keyof Exposure)[];
  /** Exposure once the narrower fields are adopted and the others put back. */
  rest: ResolvedExposure;
}

/**
 * Judges each exposure field alone against what may be live now.
 *
 * A field that alone admits fewer subjects is a deliberate act of safety and is adopted. Anything else is repaired:
 * exposure that did not come from Git does not stay. If the columns as a whole admit fewer subjects, and putting a
 * field back would admit some again (0% and an emptied whitelist on a feature that was at 100%, where the whitelist
 * meant nothing), they are adopted as a whole.
 */
export function judgeDrift(columns: ResolvedExposure, expected: ResolvedExposure): Drift {
  const drift = judgeFields(columns, expected);
  if (!atMost(columns, expected) || atMost(drift.rest, columns)) return drift;
  const fields = EXPOSURE_FIELDS.filter((field) => !same(columns[field], expected[field]));
  return { adopted: fields, repaired: [], rest: columns };
}

function judgeFields(columns: ResolvedExposure, expected: ResolvedExposure): Drift {
  const drift: Drift = { adopted: [], repaired: [], rest: expected };
  for (const field of EXPOSURE_FIELDS) {
    if (same(columns[field], expected[field])) continue;
    const alone = withField(expected, field, columns);
    // A stop counts also if the feature was off: it must outlast a merge that switches the feature on.
    const stops = field === 'emergency_stop' && columns.emergency_stop;
    const takesAway = stops || strictlyLess(alone, expected);
    const together = withField(drift.rest, field, columns);
    // Two fields may each reduce exposure alone but raise it together, so the combination is checked too: for example
    // a whitelist of one blacklisted subject, and an emptied blacklist.
    if (takesAway && atMost(together, drift.rest)) {
      drift.adopted.push(field);
      drift.rest = together;
    } else {
      drift.repaired.push(field);
    }
  }
  return drift;
}

export function hasDrifted(drift: Drift): boolean {
  return drift.adopted.length > 0 || drift.repaired.length > 0;
}
