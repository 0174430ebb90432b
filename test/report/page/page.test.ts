import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPageAssets } from '../../../src/compose/environment/page-assets.ts';
import type { ReportData } from '../../../src/domain/report/report.ts';
import { chartData } from '../../../src/report/page/chart-data.ts';
import { html, jsonForScript, path } from '../../../src/report/page/html.ts';
import { type PageAssets, statusPage } from '../../../src/report/page/page.ts';
import {
  NOW,
  reportData,
  reportFeature,
  reportIncident,
  yearOld,
} from '../../helpers/reports/report-data.ts';

let assets: PageAssets;
beforeAll(async () => {
  assets = await readPageAssets();
});

function pageOf(given: Partial<ReportData>): string {
  return statusPage(reportData(given), assets);
}

const HOSTILE = `</script><script>alert(1)</script><img src=x onerror="alert('2')"> & \u202e`;

/** A gate that waits for what a person wrote. */
const GATE = {
  code: 'gate',
  wait: { code: 'freeze', to: '2026-12-31', reason: HOSTILE },
} as const;

describe('the status page', () => {
  it('the status page escapes text of files and people everywhere', () => {
    const feature = reportFeature({
      ...{ feature: HOSTILE, description: HOSTILE, owner: HOSTILE, revision: HOSTILE },
      ...{ state: 'stopped', stopped_by: { by: HOSTILE, reason: HOSTILE } },
      next: { percentage: 50, at: null, what: GATE },
      categories: [{ category: HOSTILE, eligible: 1, total: 2 }],
      lists: { whitelist: 1, blacklist: 1, names: { whitelist: [HOSTILE], blacklist: [HOSTILE] } },
      exposure: [{ at: NOW, percentage: 25, live: true, action: 'created', history: 1 }],
      incidents: [
        reportIncident({
          ...{ reason: HOSTILE, opened_by: HOSTILE, write_back_error: HOSTILE, write_back_commit: HOSTILE },
          permit: { ceiling: 10, granted_by: HOSTILE, reason: HOSTILE, expires_at: NOW },
        }),
      ],
      history: [
        {
          ...{ id: 1, created_at: NOW, action: 'note', previous_percentage: null, new_percentage: null },
          ...{
            reason: HOSTILE,
            triggered_by: HOSTILE,
            session_role: HOSTILE,
            verified_by: HOSTILE,
            revision: HOSTILE,
          },
        },
      ],
      advice: [{ code: 'remove', sentence: HOSTILE }],
    });
    const page = pageOf({
      ...{
        environment: HOSTILE,
        revision: HOSTILE,
        features: [feature],
        repository_url: 'https://github.com/acme/x',
      },
      global_stop: { reason: HOSTILE, by: HOSTILE, at: NOW },
      freeze: { from: '2026-01-01', to: '2026-12-31', reason: HOSTILE },
    });
    expect(page).not.toContain('<img');
    expect(page).not.toContain('\u202e');
    expect(page.match(/<script[ >]/g)).toHaveLength(3);
    expect(page.match(/<\/script>/g)).toHaveLength(3);
  });

  it('the status page links only by https and only to real commits', () => {
    const commit = 'c0ffee0'.padEnd(40, '1');
    const linked = (repository_url: string | null, revision: string) =>
      pageOf({ repository_url, revision }).match(/href="(?!#)[^"]*"/g) ?? [];
    expect(linked('https://github.com/acme/x', commit)).toEqual([
      `href="https://github.com/acme/x/commit/${commit}"`,
    ]);
    expect(linked('https://github.com/acme/x', 'javascript:alert(1)')).toEqual([]);
    expect(linked('javascript:alert(1)//', commit)).toEqual([]);
    expect(linked('http://github.com/acme/x', commit)).toEqual([]);
    expect(linked(null, commit)).toEqual([]);
  });

  it('the status page’s policy allows only its own scripts and style, by their hashes, and no address', () => {
    const page = pageOf({ features: [reportFeature()] });
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toMatch(/unsafe|https?:|\*|connect-src/);
    const inline = [...page.matchAll(/<(script|style)>([\s\S]*?)<\/\1>/g)].map(([, , text = '']) => text);
    expect(inline).toHaveLength(3);
    for (const text of inline) {
      expect(policy).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    }
    expect(page).not.toMatch(/ style="| on\w+="|<link|@import|url\(/);
    expect(statusPage(reportData(), assets, { live: '/events' })).toContain("connect-src 'self'");
  });

  it('the status page stays under 2 MB with ten features and the longest history that is ever read', () => {
    const features = Array.from({ length: 10 }, (_, i) => yearOld(`feature_${i}`));
    const bytes = Buffer.byteLength(pageOf({ features, repository_url: 'https://github.com/acme/rollouts' }));
    expect(bytes).toBeLessThan(2_000_000);
    expect(bytes).toBeGreaterThan(500_000);
  });

  it('the status page shows a row that was made by SQL under any name', () => {
    const page = pageOf({ features: [reportFeature({ feature: 'a b"/ü' })] });
    expect(page).toContain('id="f-a.20b.22.2f.fc"');
    expect(page).toContain('href="#f-a.20b.22.2f.fc"');
  });
});

describe('markup', () => {
  it('a value in markup is escaped unless html made it', () => {
    expect(
      html`<p title="${'"'}">${'<b>'}${html`<i>${1}</i>`}${[html`<u/>`, 'x&']}${null}${false}</p>`.text,
    ).toBe('<p title="&quot;">&lt;b&gt;<i>1</i><u/>x&amp;</p>');
  });

  it('JSON in the page reads back the same and cannot end its element', () => {
    const value = { text: '</script><!-- \u2028 & "' };
    const text = jsonForScript(value);
    expect(text).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(text)).toEqual(value);
  });

  it('an SVG path of the page accepts only letters and numbers', () => {
    expect(path('M1 2.5L-3 4Z').text).toBe('M1 2.5L-3 4Z');
    expect(() => path('M1 2"/><script>')).toThrow('letters and numbers');
  });
});

describe('what the charts show, in numbers', () => {
  const at = (text: string) => new Date(text).getTime() / 1_000;
  const feature = reportFeature({
    exposure: [
      { at: new Date('2026-11-18T09:00:00Z'), percentage: 10, live: true, action: 'created', history: 1 },
      { at: new Date('2026-11-20T08:00:00Z'), percentage: 25, live: true, action: 'advanced', history: 2 },
    ],
    rates: {
      at: [at('2026-11-19T23:00:00Z'), at('2026-11-20T00:00:00Z'), at('2026-11-20T11:00:00Z')],
      ...{ span: [3_600, 3_600, 3_600], jobs: [10, 30, 10], errors: [1, 1, 1] },
      ...{ control_jobs: [0, 50, 50], control_errors: [0, 0, 1], mean_ms: [1_000, 2_000, null] },
      control_mean_ms: [null, null, null],
    },
    scores: {
      at: [at('2026-11-20T01:00:00Z'), at('2026-11-20T02:00:00Z'), at('2026-11-20T03:00:00Z')],
      ...{
        verdict: ['healthy', 'suspect', 'warning'],
        absolute: [0, 0, 0],
        relative: [0, 8, 5],
        warning: [0, 0, 0],
      },
    },
  });

  it('the table behind the charts has a row per day since the feature began, newest first', () => {
    const [, table = ''] =
      /aria-label="Day by day"[\s\S]*?<tbody>([\s\S]*?)<\/tbody>/.exec(pageOf({ features: [feature] })) ?? [];
    const rows = table.split('</tr>').map((row) =>
      row
        .replace(/<[^>]+>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    );
    expect(rows.filter(Boolean)).toEqual([
      '2026-11-20 25% 40 5% 1% 2 s suspect',
      '2026-11-19 10% 10 10% – 1 s no check',
      '2026-11-18 10% 0 – – – no check',
    ]);
  });

  it('the rate chart draws the last 60 jobs or more within a day, so that single jobs cause no jumps', () => {
    const hours = Array.from({ length: 30 }, (_, i) => at('2026-11-19T00:00:00Z') + i * 3_600);
    const many = reportFeature({
      rates: {
        ...{
          at: hours,
          span: hours.map(() => 3_600),
          jobs: hours.map(() => 20),
          errors: hours.map((_, i) => (i === 20 ? 6 : 0)),
        },
        ...{ control_jobs: hours.map(() => 1), control_errors: hours.map((_, i) => (i === 2 ? 1 : 0)) },
        ...{ mean_ms: hours.map(() => null), control_mean_ms: hours.map(() => null) },
      },
    });
    const { rates, jobs } = chartData(reportData(), many);
    expect(rates.treatment.slice(19, 25)).toEqual([0, 10, 10, 10, 0, 0]);
    expect(new Set(jobs.treatment)).toEqual(new Set([20, 40, 60]));
    // Of control there are never 60: a day of them, and then the failure is out of it.
    expect(rates.control[10]).toBeCloseTo(100 / 11, 1);
    expect(rates.control.slice(26, 28)).toEqual([4, 0]);
  });
});
