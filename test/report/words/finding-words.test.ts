import { expect, it } from 'vitest';
import type { Found } from '../../../src/domain/report/finding.ts';
import { findingText } from '../../../src/report/words/findings/finding-words.ts';

const AT = new Date('2026-11-20T12:00:00Z');
const ROLE = { user: 'app', member_of: ['rollout_reader'] };

it.each<[Found, string, string | null]>([
  [{ code: 'not_asked', why: 'no answer', next: 'try again' }, 'no answer', 'try again'],
  [{ code: 'file_valid', path: 'a.yaml', warnings: 0 }, 'a.yaml is valid', null],
  [
    { code: 'file_valid', path: 'a.yaml', warnings: 1 },
    'a.yaml is valid, with 1 warning',
    'rollout validate --file a.yaml',
  ],
  [
    { code: 'file_invalid', path: 'a.yaml', line: 3, message: 'no', more: 2 },
    'a.yaml, line 3: no (and 2 more)',
    'rollout validate --file a.yaml',
  ],
  [
    { code: 'receiver_missing', variable: 'ROLLOUT_NOTIFY_A', problem: 'not_url' },
    'notify names ROLLOUT_NOTIFY_A, whose value is not a URL',
    'set ROLLOUT_NOTIFY_A in the environment of tick and serve; then: rollout notify --test',
  ],
  [
    { code: 'migrations_pending', pending: ['0001', '0002'] },
    '2 are not applied (0001 ...)',
    'rollout migrate',
  ],
  [
    { code: 'migrations_newer', newer: ['0099', '0100'] },
    'a newer version migrated this database (0099 ...)',
    'update rollout-controller here, too',
  ],
  [
    { code: 'role_reads', ...ROLE },
    'app may read and not write, a member of rollout_reader',
    'grant rollout_controller to app',
  ],
  [{ code: 'role_writes', ...ROLE, member_of: [], owner: true }, 'app may write and migrate', null],
  [{ code: 'tick_ran', at: AT }, 'the last one ran at 2026-11-20T12:00:00.000Z', null],
  [
    { code: 'schedule_off', path: '.github/workflows/health.yml', workflow_state: 'disabled_manually' },
    '.github/workflows/health.yml is disabled manually',
    'gh workflow enable health.yml',
  ],
  [
    { code: 'environments_missing', missing: ['rollout'] },
    'rollout does not exist: GitHub makes one without secrets or reviewers when a workflow first uses it',
    'Settings, Environments, New environment; see docs/github.md',
  ],
])('the doctor’s finding %j has a sentence with the next command', (found, sentence, next) => {
  expect(findingText(found)).toEqual({ found: sentence, next });
});
