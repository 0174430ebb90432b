import { describe, expect, it } from 'vitest';
import type { ToldIncident } from '../../../src/domain/spec/incident.ts';
import {
  incidentEnding,
  incidentMarkdown,
  incidentTitle,
} from '../../../src/report/markdown/incident-markdown.ts';
import { exposure } from '../../helpers/data/specs.ts';

const AT_25 = exposure({ percentage: 25, salt: 'one' });

const INCIDENT: ToldIncident = {
  ...{ incident: '12', feature: 'one', kind: 'rollback', state: 'open', severity: 'critical' },
  ...{
    reason: '15 of 20 jobs failed',
    held: { ...AT_25, active: false, percentage: 0 },
    before: AT_25,
  },
  ...{ opened_at: new Date('2026-11-22T10:18:00Z'), opened_by: 'github:schedule' },
  ...{
    settled_by: null,
    resumed_by: null,
    superseded_by: null,
    write_back: 'pending',
    write_back_commit: null,
  },
  ...{ write_back_pull_request: null, write_back_error: null, write_back_url: null, permit_until: null },
};

function file(more: Partial<ToldIncident>): string {
  return /\| the file \| (.*) \|/.exec(incidentMarkdown({ ...INCIDENT, ...more }))?.[1] ?? '';
}

describe('the issue of an incident', () => {
  it('the issue of an incident says what happened, what holds now and the ways out', () => {
    expect(incidentTitle(INCIDENT, null)).toBe('one was rolled back from 25% (incident 12)');
    expect(incidentTitle(INCIDENT, 'staging')).toBe('one was rolled back from 25% (staging, incident 12)');
    expect(incidentMarkdown(INCIDENT)).toMatchInlineSnapshot(`
      "**one** was rolled back. The database is safe already.

      | | |
      | --- | --- |
      | why | 15 of 20 jobs failed |
      | since | 2026-11-22 10:18 UTC, by github:schedule |
      | severity | critical |
      | before | 25% |
      | now | off |
      | the file | is not written back yet |

      Nothing raises it until a person says so. The ways out:

      - Let the file agree: merge the write-back. The incident is settled then, and the feature stays as it is now.
      - Raise it again, when the cause is gone: \`rollout resume one --reason "..."\`, or the workflow *operate*."
    `);
  });

  it('the issue of an incident says where the write-back of the file stands and why it is not done yet', () => {
    expect(file({ write_back_error: '`main` moved | again' })).toBe(
      'is not written back yet: \\`main\\` moved \\| again',
    );
    expect(file({ write_back: 'proposed', write_back_pull_request: 7 })).toBe('waits until #7 is merged');
    expect(file({ write_back: 'done', write_back_commit: '0123456789abcdef' })).toBe(
      'was written in 0123456789',
    );
    expect(file({ write_back: 'not_needed' })).toBe('agrees');
    expect(file({ write_back: 'handed_on', superseded_by: '13' })).toBe('is for incident 13 to change');
    const write_back_url = 'https://github.com/acme/shop/compare/main...rollout/hold/one?expand=1';
    expect(file({ write_back: 'proposed', write_back_url })).toBe(
      `waits until a person [opens the pull request](${write_back_url})`,
    );
  });

  it('the issue of an ended incident says how it ended and offers no way out', () => {
    expect(incidentEnding(INCIDENT)).toBeNull();
    expect(incidentEnding({ ...INCIDENT, state: 'settled', settled_by: 'abcdef0123456' })).toBe(
      'Settled: the file agrees since abcdef0123.',
    );
    expect(incidentEnding({ ...INCIDENT, state: 'settled' })).toBe('Settled: the file agrees.');
    expect(incidentEnding({ ...INCIDENT, state: 'resumed', resumed_by: '@ada' })).toBe(
      'Resumed by @\u200bada.',
    );
    expect(incidentEnding({ ...INCIDENT, state: 'superseded', superseded_by: '13' })).toMatch(
      /^Superseded by incident 13/,
    );
    expect(incidentMarkdown({ ...INCIDENT, state: 'resumed' })).not.toContain('rollout resume');
  });

  it('the issue of an incident shows a permit’s end, a stop and a whitelist', () => {
    expect(incidentMarkdown({ ...INCIDENT, permit_until: new Date('2026-11-29T10:00:00Z') })).toContain(
      'A person has leave to raise it until 2026-11-29 10:00 UTC.',
    );
    const held = { ...AT_25, emergency_stop: true };
    const before = { ...AT_25, strategy: 'whitelist' as const };
    const said = incidentMarkdown({ ...INCIDENT, kind: 'emergency_stop', held, before });
    expect(said).toContain('| before | the whitelist |\n| now | stopped |');
  });
});
