import { expect, test } from 'vitest';
import { fixture, onlySpec, said } from '../said.ts';

test('a guardrail on a missing metric, a duplicate or excess digits is an error; an unused metric a warning', () => {
  expect(said(fixture('rules/guardrails.yaml'))).toMatchInlineSnapshot(`
    "4:12 warning: metrics.signups is not in any guardrail, so nothing measures it
    6:40 guardrails[0].metric is "refund"; metrics has no such name; did you mean refunds?
    7:37 guardrails[0].metric is "latency_of_the_queue"; it must be a name in metrics: refunds or signups
    8:66 guardrails[1].metric is "refunds", like guardrails[0]; keep one of them
    9:52 guardrails[0].limit is 0.125; it may have at most two decimals"
  `);
});

test('wrong values of metrics and guardrails are reported with what would be right', () => {
  expect(said(fixture('schema/guardrails.yaml'))).toMatchInlineSnapshot(`
    "3:12 warning: metrics.refunds is not in any guardrail, so nothing measures it
    3:22 metrics.refunds.source is "event"; it must be events, time or prometheus; did you mean events?
    4:12 source is missing in metrics.nowhere
    4:12 warning: metrics.nowhere is not in any guardrail, so nothing measures it
    6:21 limit is missing in guardrails[0]
    7:47 guardrails[0].limit is 0; it must be above 0, at most 99.99
    7:78 guardrails[1].limit is 100; it must be above 0, at most 99.99
    8:59 guardrails[0].on_harm is "stop"; it must be rollback, freeze or warn
    8:70 guardrails[0].per is "customer"; it must be event or subject
    8:94 guardrails[0].than_control is 0.5; it must be from 1 to 1000
    8:99 dryRun is not a key of guardrails[0]; did you mean dry_run?"
  `);
});

test('a guardrail in a file without metrics gets a problem that shows how to define one', () => {
  expect(
    said('version: 1\nfeatures: { a: { guardrails: [{ metric: refunds, limit: 3 }] } }\n'),
  ).toMatchInlineSnapshot(
    `"2:41 guardrails[0].metric is "refunds"; define it at the top of the file: metrics: { refunds: { source: events } }"`,
  );
});

test('a spec has its guardrails by metric, with the source of their events', () => {
  const text =
    'version: 1\nmetrics: { refunds: { source: events } }\ndefaults: { guardrails: [{ metric: refunds, limit: 3 }] }\nfeatures: { checkout: {} }\n';
  expect(onlySpec(text).guardrails).toEqual({
    refunds: {
      source: 'events',
      limit: 3,
      than_control: 2,
      on_harm: 'rollback',
      dry_run: false,
      per: 'event',
    },
  });
});

test('a feature without guardrails has no such field, so its digest stays the same', () => {
  const text =
    'version: 1\nmetrics: { refunds: { source: events } }\ndefaults: { guardrails: [{ metric: refunds, limit: 3 }] }\nfeatures: { checkout: { guardrails: [] } }\n';
  expect(onlySpec(text)).not.toHaveProperty('guardrails');
});

test('a guardrail on an engine needs two queries of one arm and step, and a rollback needs subjects', () => {
  expect(said(fixture('rules/prometheus.yaml'))).toMatchInlineSnapshot(`
    "3:25 metrics.no_queries.all is missing; source prometheus needs two queries, bad and all
    4:40 metrics.no_words.bad has no $arm; without it both arms are equal; select the series of one arm, such as {arm="$arm"}
    4:40 metrics.no_words.bad has no $step; each query counts the events of one step, such as increase(http_requests_total{arm="$arm"}[$step])
    5:40 metrics.events_alone.bad is a query, but source is events; use source: prometheus
    5:63 metrics.events_alone.subject_label has no effect with source events; remove it
    13:45 guardrails[3].on_harm is rollback, but metrics.plain does not tell subjects apart, so a burst of one looks like harm to all; use freeze, name the label of the subject in metrics.plain.subject_label, or write advanced.correlation in the feature as rollout back-test measures it
    13:60 guardrails[3].per is subject; that needs source: events"
  `);
});

test('a guardrail on an engine rolls back by default when it tells subjects apart, and freezes otherwise', () => {
  const metric = (rest: string) =>
    `{ source: prometheus, bad: "b{arm='$arm'}[$step]", all: "a{arm='$arm'}[$step]"${rest} }`;
  const text = (rest: string) =>
    `version: 1\nmetrics: { m: ${metric(rest)} }\nfeatures: { checkout: { guardrails: [{ metric: m, limit: 1 }] } }\n`;
  expect(onlySpec(text('')).guardrails?.m).toMatchObject({
    on_harm: 'freeze',
    query: { subject_label: null },
  });
  expect(onlySpec(text(', subject_label: repo')).guardrails?.m).toMatchObject({
    on_harm: 'rollback',
    query: { subject_label: 'repo' },
  });
});

test('only a guardrail without subjects may have a correlation, and with it may ask for a rollback', () => {
  const text = (metric: string, advanced: string, on_harm = 'rollback') =>
    `version: 1\nmetrics: { m: ${metric} }\nfeatures:\n  checkout: { guardrails: [{ metric: m, limit: 1, on_harm: ${on_harm} }]${advanced} }\n`;
  const plain = `{ source: prometheus, bad: "b{arm='$arm'}[$step]", all: "a{arm='$arm'}[$step]" }`;
  const labelled = plain.replace(' }', ', subject_label: repo }');
  expect(said(text(plain, ', advanced: { correlation: 0.1 }'))).toBe('');
  expect(onlySpec(text(plain, ', advanced: { correlation: 0 }')).guardrails?.m).toMatchObject({
    on_harm: 'rollback',
    correlation: 0,
  });
  expect(onlySpec(text(plain, '', 'freeze')).guardrails?.m).not.toHaveProperty('correlation');
  expect(said(text(plain, ', advanced: { correlation: 1.5 }'))).toContain('correlation is 1.5');
  expect(said(text(plain, ', advanced: { correlation: -0.1 }'))).toContain('correlation is -0.1');
  expect(said(text(plain, ', advanced: { corelation: 0.1 }'))).toContain('correlation');
  expect(said(text(labelled, ', advanced: { correlation: 0.1 }'))).toContain(
    'advanced.correlation has no effect: no guardrail of this feature has a metric of source prometheus without subject_label',
  );
});

test('a metric of times needs a time, and no other metric has one', () => {
  expect(said(fixture('rules/times.yaml'))).toMatchInlineSnapshot(`
    "3:22 metrics.no_time.slower_than is missing; source time needs the time that a job may take, such as 30s, or control_p95
    4:45 metrics.of_events.slower_than has no effect with source events; use source: time
    5:51 metrics.queried.bad is a query, but source is time; use source: prometheus
    11:43 guardrails[2].per is subject; that needs source: events"
  `);
});

test('a misspelled metric is reported, but not a guardrail on a metric that has errors itself', () => {
  const text = [
    'version: 1',
    'metrics: { refunds: { source: nowhere }, slow: { source: time, slower_than: 30s } }',
    'features:',
    '  checkout:',
    '    guardrails: [{ metric: refunds, limit: 3 }, { metric: slwo, limit: 3 }]',
    '  search: { guardrails: [{ metric: slow, limit: 3 }] }',
    '',
  ].join('\n');
  expect(said(text)).toMatchInlineSnapshot(`
    "2:31 metrics.refunds.source is "nowhere"; it must be events, time or prometheus
    5:59 guardrails[1].metric is "slwo"; metrics has no such name; did you mean slow?"
  `);
});

test('control_p95 is kept as it is, and no other word may stand for a time', () => {
  const text = (time: string) =>
    `version: 1\nmetrics: { slow: { source: time, slower_than: ${time} } }\nfeatures: { checkout: { guardrails: [{ metric: slow, limit: 10 }] } }\n`;
  expect(onlySpec(text('control_p95')).guardrails?.slow).toMatchObject({ slower_than: 'control_p95' });
  expect(said(text('control_p99'))).toMatchInlineSnapshot(
    `"2:47 metrics.slow.slower_than is "control_p99"; it must be a duration such as 90s, 15m, 24h or 7d, or control_p95"`,
  );
});

test('a time for each size is kept in seconds, and an error is reported at its place', () => {
  const text = (times: string, rest = '') =>
    `version: 1\nmetrics: { slow: { source: time, slower_than: ${times} } }\nfeatures: { checkout: { ${rest}guardrails: [{ metric: slow, limit: 10 }] } }\n`;
  expect(onlySpec(text('{ small: 30s, large: 10m }')).guardrails?.slow).toMatchObject({
    slower_than: { small: 30, large: 600 },
  });
  expect(said(text('{ small: 30, huge: 1h, large: soon, medium: 4000d }'))).toMatchInlineSnapshot(`
    "2:56 metrics.slow.slower_than.small is 30; it must be a duration such as 90s, 15m, 24h or 7d
    2:60 huge is not a key of metrics.slow.slower_than; its keys are test, small, medium, large, enterprise
    2:77 metrics.slow.slower_than.large is "soon"; it must be a duration such as 90s, 15m, 24h or 7d
    2:91 metrics.slow.slower_than.medium is 4000d; it must be at most 3650d"
  `);
  expect(said(text('{ small: 4000d }'))).toMatchInlineSnapshot(
    `"2:56 metrics.slow.slower_than.small is 4000d; it must be at most 3650d"`,
  );
  expect(said(text('{}'))).toMatchInlineSnapshot(
    `"2:47 metrics.slow.slower_than is empty; give it a key, or leave it out"`,
  );
  expect(said(text('[30s]'))).toMatchInlineSnapshot(
    `"2:47 metrics.slow.slower_than is a list; it must be a duration such as 90s, 15m, 24h or 7d, or control_p95, or durations by size such as { small: 30s, large: 10m }"`,
  );
  expect(said(text('30'))).toMatchInlineSnapshot(
    `"2:47 metrics.slow.slower_than is 30; it must be a duration such as 90s, 15m, 24h or 7d, or control_p95, or durations by size such as { small: 30s, large: 10m }"`,
  );
  expect(said(text('{ small: control_p95 }'))).toMatchInlineSnapshot(
    `"2:56 metrics.slow.slower_than.small is "control_p95"; it must be a duration such as 90s, 15m, 24h or 7d"`,
  );
  expect(said(text('{ small: 30s }', 'subject: customer, '))).toMatchInlineSnapshot(
    `"3:67 metrics.slow.slower_than is by size, and customers have no size; use a metric with one time"`,
  );
  const inherited =
    'version: 1\nmetrics: { slow: { source: time, slower_than: { small: 1s } } }\ndefaults: { guardrails: [{ metric: slow, limit: 10 }] }\nfeatures: { people: { subject: customer } }\n';
  expect(said(inherited)).toMatchInlineSnapshot(
    `"4:21 metrics.slow.slower_than is by size, and customers have no size; use a metric with one time"`,
  );
});

test('one slower_than for every size is kept in seconds', () => {
  const text =
    'version: 1\nmetrics: { slow: { source: time, slower_than: 2m } }\nfeatures: { checkout: { guardrails: [{ metric: slow, limit: 10 }] } }\n';
  expect(onlySpec(text).guardrails?.slow).toMatchObject({
    source: 'time',
    slower_than: 120,
    on_harm: 'rollback',
  });
});
