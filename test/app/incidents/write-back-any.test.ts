import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editForIncidents } from '../../../src/app/incidents/write-back-edit.ts';
import { parseConfig } from '../../../src/config/read/parse.ts';
import { isWithin } from '../../../src/domain/spec/at-most.ts';
import { resolveLists } from '../../../src/domain/spec/resolve.ts';
import type { Exposure, ResolvedExposure } from '../../../src/domain/spec/spec.ts';
import { SUBJECT_TYPES, type SubjectType } from '../../../src/domain/spec/vocabulary.ts';
import type { PendingWriteBack } from '../../../src/store/incidents/write-backs.ts';
import { anyExposure, exposurePair } from '../../helpers/data/specs.ts';

/** The entry of a feature in the file, as a person may have written it. */
function textOf(subject: SubjectType, said: Exposure): string {
  const { strategy, percentage, categories, blacklist, ...others } = said;
  const bySize = subject === 'customer' ? [] : (categories ?? []);
  const entry = {
    subject,
    ...others,
    strategy: subject === 'customer' && strategy === 'repository_size' ? 'percentage' : strategy,
    ...(strategy === 'whitelist' ? {} : { percentage }),
    ...(strategy === 'percentage' && bySize.length > 0 ? { categories: bySize } : {}),
    blacklist,
  };
  return `version: 1\nfeatures:\n  checkout: ${JSON.stringify(entry)}\n`;
}

function holding(subject: SubjectType, held: ResolvedExposure): PendingWriteBack {
  return {
    ...{ incident: '1', feature: 'checkout', kind: 'rollback', subject, severity: 'critical', reason: '' },
    ...{ opened_at: new Date(), held, before: null, resolved: {}, via: 'commit', state: 'pending' },
    ...{ pull_request: null, attempts: 0 },
  };
}

const subject = fc.constantFrom(...SUBJECT_TYPES);
const pair = fc.oneof(exposurePair, fc.tuple(anyExposure, anyExposure));

describe('a held state', () => {
  it('any held state can be written into any entry of the file, which then admits at most as many', () => {
    let edited = 0;
    fc.assert(
      fc.property(pair, subject, subject, ([said, held], now, before) => {
        const text = textOf(now, said);
        fc.pre(parseConfig(text).config?.features.has('checkout') === true);
        const found = editForIncidents(text, [holding(before, held)], null);
        if ('refused' in found) expect.fail(found.refused.message);
        const spec = parseConfig(found.text).config?.features.get('checkout');
        if (!spec) expect.fail(`not readable any more:\n${found.text}`);
        const { exposure } = resolveLists(spec, {}, new Map());
        expect(isWithin({ subject: spec.subject, exposure }, { subject: before, exposure: held })).toBe(true);
        if (found.text !== text) edited += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(edited).toBeGreaterThan(500);
  });
});
