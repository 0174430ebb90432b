import { describe, expect, it } from 'vitest';
import { reportMarkdown } from '../../../src/report/markdown/report-markdown.ts';
import {
  NOW,
  reportData,
  reportFeature,
  reportIncident,
  yearOld,
} from '../../helpers/reports/report-data.ts';

const HOSTILE = '|<img src=x> @everyone [x](javascript:1) ``` \n\n# head';

/** A gate that waits for what a person wrote. */
const GATE = {
  code: 'gate',
  wait: { code: 'freeze', to: '2026-12-31', reason: HOSTILE },
} as const;
const day = (n: number) => new Date(NOW.getTime() - n * 86_400_000);

describe('the report as markdown', () => {
  it('the report in markdown shows a feature’s state in a line and its last weeks as a chart', () => {
    const at = (n: number) => day(n).getTime() / 1_000;
    const text = reportMarkdown(
      reportData({
        features: [
          reportFeature({
            exposure: [
              { at: day(2.5), percentage: 10, live: true, action: 'created', history: 1 },
              { at: day(0.5), percentage: 25, live: true, action: 'advanced', history: 2 },
            ],
            rates: {
              ...{ at: [at(1.5), at(0.5)], span: [3_600, 3_600], jobs: [100, 200], errors: [4, 2] },
              ...{
                control_jobs: [0, 0],
                control_errors: [0, 0],
                mean_ms: [null, null],
                control_mean_ms: [null, null],
              },
            },
            advice: [{ code: 'clean_up', sentence: 'Ready to be cleaned up.' }],
          }),
        ],
      }),
    );
    expect(text).toContain(
      '| `checkout` | healthy | 25% | 0 of 0 | 0 | – | – | – | Nothing more: this is the last step. |',
    );
    expect(text).toContain('- Ready to be cleaned up.');
    expect(text).toContain(
      [
        '```mermaid',
        'xychart-beta',
        '  title "Exposure (bars) and failed jobs (line), percent; the limit is 5"',
        '  x-axis ["11-18", "11-19", "11-20"]',
        '  y-axis "percent" 0 --> 100',
        '  bar [10, 10, 25]',
        '  line [0, 4, 1]',
        '```',
      ].join('\n'),
    );
    expect(text).toContain('- 2026-11-20 00:00 UTC advanced: 25%');
    expect(text).toContain('History ends with `ab12`.');
  });

  it('the report in markdown shows the running soak and the step after it', () => {
    const soaking = reportFeature({
      soak: { since: day(1), seconds: 172_800, left: 86_400, share: 50 },
      next: {
        ...{ percentage: 50, at: day(-1) },
        what: { code: 'soak', left_seconds: 86_400, besides: null, way: 'commit' },
      },
    });
    expect(reportMarkdown(reportData({ features: [soaking] }))).toContain(
      '  50 percent at the earliest :milestone, 2026-11-21T12:00, 0d',
    );
  });

  it('the report in markdown begins with a stop of everything and a silent controller', () => {
    const text = reportMarkdown(
      reportData({ global_stop: { reason: 'fire', by: 'mara', at: day(0) }, heartbeat_stale: true }),
    );
    expect(text).toContain('**Everything is stopped** since 2026-11-20 12:00 UTC by mara: fire');
    expect(text).toContain('**The controller is silent**');
    expect(text).toContain('No features. Archived ones are not listed.');
  });

  it('the report in markdown escapes text of files and people and gives Mermaid only its own text', () => {
    const text = reportMarkdown(
      reportData({
        environment: HOSTILE,
        repository_url: 'https://github.com/acme/rollouts',
        features: [
          reportFeature({
            ...{ feature: HOSTILE, state: 'stopped', stopped_by: { by: HOSTILE, reason: HOSTILE } },
            next: { percentage: 50, at: null, what: GATE },
            advice: [{ code: 'remove', sentence: HOSTILE }],
            incidents: [reportIncident({ reason: HOSTILE, opened_by: HOSTILE, write_back_pull_request: 12 })],
            exposure: [{ at: day(3), percentage: 25, live: true, action: 'created', history: 1 }],
            cost: {
              ...{ days: 28, total: 3, fallback: HOSTILE, alone: 4, saved: 1, problem: null },
              processors: ['inngest', HOSTILE].map((processor) => ({
                ...{ processor, jobs: 1, minutes: 1, cost: 1.5, per_job: 1.5 },
              })),
            },
          }),
        ],
      }),
    );
    expect(text).not.toMatch(/<img|[^\\]\[x\]|@everyone/);
    expect(text.match(/^# head/m)).toBeNull();
    expect(text.match(/```/g)).toHaveLength(2);
    expect(text).toContain('> **rollback** (incident 7');
  });

  it('the report in markdown fits into a job summary and says what it left out', () => {
    const features = Array.from({ length: 150 }, (_, i) => yearOld(`feature_${i}`));
    const text = reportMarkdown(reportData({ features }));
    expect(Buffer.byteLength(text)).toBeLessThan(1_048_576);
    expect(text).toContain('50 more features without trouble');
  });
});
