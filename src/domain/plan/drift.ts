import { atMost, strictlyLess } from '../spec/at-most.ts';
import { same } from '../spec/difference.ts';
import { EXPOSURE_FIELDS, type Exposure, type ResolvedExposure, withField } from '../spec/spec.ts';

/** How the columns differ from what may be live now, field by field. */
export interface Drift {
  /** Fields reduced manually: kept, as an incident. */
  adopted: (keyof Exposure)[];
  /** Fields made wider, or merely different: put back. */
  repaired: (keyof Exposure)[];
  /** What may be live once the narrower fields are adopted and the others put back. */
  rest: ResolvedExposure;
}

/**
 * Judges each exposure field alone against what may be live now.
 *
 * A field that admits fewer subjects by itself is somebody's act of safety and is adopted. Anything else is
 * repaired: exposure that did not come from Git does not stay. Where the columns as a whole admit fewer, and
 * putting a field back would let one of those in again (0% and an emptied whitelist on a feature that was at
 * 100%, where the whitelist meant nothing), they are adopted as a whole.
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
    // A stop is a stop also where the feature was off: it must outlive the merge that switches the feature on.
    const stops = field === 'emergency_stop' && columns.emergency_stop;
    const takesAway = stops || strictlyLess(alone, expected);
    const together = withField(drift.rest, field, columns);
    // Two fields may each take away and together give: a whitelist of one who is in the blacklist, emptied.
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
