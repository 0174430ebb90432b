import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/read/parse.ts';
import { feature, fixture, said } from '../said.ts';

describe('what is said about a file with', () => {
  test('misspelled and misplaced keys are reported', () => {
    expect(said(fixture('schema/misspelt-keys.yaml'))).toMatchInlineSnapshot(`
      "2:1 enviroment is not a key of the file; did you mean environment?
      4:3 percentage is not a key of defaults: who is in is said by each feature itself
      5:3 treshold is not a key of defaults; did you mean thresholds?
      8:5 precentage is not a key of a feature; did you mean percentage?
      9:5 emergencyStop is not a key of a feature; did you mean emergency_stop?
      10:5 max_error_rate is not a key of a feature; it belongs to thresholds
      11:5 maxSlowdown is not a key of a feature; did you mean max_slowdown of thresholds?
      12:5 freeze is not a key of a feature; it belongs to the top of the file
      13:5 colour is not a key of a feature; its keys are description, owner, subject, active, emergency_stop, paused, resumes, skip_steps, strategy, percentage, categories, where, not, group_by, whitelist, blacklist, salt, analysis, thresholds, rollback, steps, advance, hours, not_before, cutoff, routing, costs, budget, guardrails, advanced
      14:19 windw is not a key of thresholds; did you mean window?
      16:9 percentage is missing in steps[0]
      16:11 percent is not a key of steps[0]; did you mean percentage?"
    `);
  });

  test('wrong values are reported', () => {
    expect(said(fixture('schema/wrong-values.yaml'))).toMatchInlineSnapshot(`
      "3:27 percentage is 101; it must be from 0 to 100
      4:29 percentage is -1; it must be from 0 to 100
      5:27 percentage is 10.001; it may have at most two decimals
      6:28 percentage is "10"; it must be a number from 0 to 100, without quotes
      7:31 percentage is .nan; it must be a number from 0 to 100
      8:30 percentage is .inf; it must be a number from 0 to 100
      9:26 percentage is null; it must be a number from 0 to 100
      11:16 percentage has no value; it must be a number from 0 to 100
      12:23 active is "yes"; it must be true or false
      12:36 paused is "off"; it must be true or false
      13:25 strategy is "percent"; it must be percentage, whitelist or repository_size; did you mean percentage?
      13:43 advance is "automatic"; it must be manual, pull_request or commit
      13:63 subject is "repo"; it must be repository or customer
      13:82 categories[0] is "smal"; it must be test, small, medium, large or enterprise; did you mean small?
      13:88 categories[1] is "tiny"; it must be test, small, medium, large or enterprise
      14:37 thresholds.window is 24; it must be a duration such as 90s, 15m, 24h or 7d
      14:65 thresholds.job_timeout.inngest is "15 min"; it must be a duration such as 90s, 15m, 24h or 7d
      14:108 steps[0].soak is "1.5h"; it must be a duration such as 90s, 15m, 24h or 7d
      15:22 steps is "playbok"; it must be playbook or pilot; did you mean playbook?
      16:25 steps is 10; it must be a list of steps or the name of a plan, playbook or pilot
      17:45 thresholds.max_error_rate is 0; it must be above 0, at most 100
      17:62 thresholds.minimum_jobs is 2.5; it must be a whole number from 1 to 1000000
      17:81 thresholds.max_slowdown is 0.5; it must be from 1 to 1000
      18:26 whitelist is "octocat/hello-world"; it must be a list: [octocat/hello-world]
      18:59 thresholds is a list; it must be a map of keys and values
      18:74 rollback is true; it must be a map of keys and values
      19:25 categories is empty; name at least one, or leave the key out
      20:3 the feature key "Bad Key" must be a lowercase letter, then up to 99 lowercase letters, digits, "_" or "-"
      21:16 feature null_feature has no value; it must be a map of keys and values; {} is the empty one
      22:17 feature list_feature is a list; it must be a map of keys and values"
    `);
  });

  test('ids that YAML reads as numbers are reported', () => {
    expect(said(fixture('schema/unquoted-ids.yaml'))).toMatchInlineSnapshot(`
      "4:18 description is 2026, which YAML reads as a number; quote it: "2026"
      5:12 owner is 007, which YAML reads as a number; quote it: "007"
      7:9 whitelist[0] is 7e10, which YAML reads as a number; quote it: "7e10"
      8:9 whitelist[1] is 010, which YAML reads as a number; quote it: "010"
      9:9 whitelist[2] is 123456789012345678901, which YAML reads as a number; quote it: "123456789012345678901"
      10:9 whitelist[3] is 0x1F, which YAML reads as a number; quote it: "0x1F"
      11:9 whitelist[4] is true, which YAML reads as a boolean; quote it: "true"
      12:9 whitelist[5] is null, which YAML reads as no value; quote it: "null"
      13:9 whitelist[6] is ~, which YAML reads as no value; quote it: "~"
      14:8 whitelist[7] has no value; it must be an id or owner/name
      15:9 whitelist[8] is 1.50, which YAML reads as a number; quote it: "1.50"
      16:18 blacklist[0] is 12, which YAML reads as a number; quote it: "12"
      16:22 blacklist[1] is .5, which YAML reads as a number; quote it: ".5"
      17:22 test_repositories[0] is 4711, which YAML reads as a number; quote it: "4711""
    `);
  });

  test('texts meant for a terminal, a log or a prototype are reported', () => {
    expect(said(fixture('schema/hostile-texts.yaml'))).toMatchInlineSnapshot(`
      "3:49 freeze[0].reason is "x\\n::error::owned"; it must not contain a line break
      5:3 the feature key "x\\u{1b}[31m\\n::set-output name=a::b" must be a lowercase letter, then up to 99 lowercase letters, digits, "_" or "-"
      6:3 the feature key "__proto__" must be a lowercase letter, then up to 99 lowercase letters, digits, "_" or "-"
      7:34 prototype is not a key of a feature; its keys are description, owner, subject, active, emergency_stop, paused, resumes, skip_steps, strategy, percentage, categories, where, not, group_by, whitelist, blacklist, salt, analysis, thresholds, rollback, steps, advance, hours, not_before, cutoff, routing, costs, budget, guardrails, advanced
      9:5 __proto__ is not a key of a feature; its keys are description, owner, subject, active, emergency_stop, paused, resumes, skip_steps, strategy, percentage, categories, where, not, group_by, whitelist, blacklist, salt, analysis, thresholds, rollback, steps, advance, hours, not_before, cutoff, routing, costs, budget, guardrails, advanced
      10:12 owner is "a\\u{202e}b"; it must not contain the invisible character U+202E
      11:18 description is "bell \\u{7}"; it must not contain the control character U+0007
      12:11 salt is " "; it must not begin or end with a space
      14:9 whitelist[0] is "acme/\\u{1b}]8;;http://evil.example\\u{1b}\\x"; it must not contain the control character U+001B
      15:9 whitelist[1] is " acme/x"; it must not begin or end with a space
      16:9 whitelist[2] is "acme/x "; it must not begin or end with a space
      17:9 whitelist[3] is "acme\\u{d800}"; it must not contain half of a surrogate pair (U+D800)
      18:9 whitelist[4] is "a\\u{2028}b"; it must not contain the invisible character U+2028
      19:9 whitelist[5] is ""; it must be an id or owner/name
      20:22 routing.bulk is "rm -rf"; it must be a lowercase letter, then up to 99 lowercase letters, digits, "_" or "-"
      21:34 the key of thresholds.job_timeout "a b" must be a lowercase letter, then up to 99 lowercase letters, digits, "_" or "-"
      21:46 the key of thresholds.job_timeout "Inngest" must be a lowercase letter, then up to 99 lowercase letters, digits, "_" or "-""
    `);
  });

  test('missing keys are reported', () => {
    expect(said(fixture('schema/missing-keys.yaml'))).toMatchInlineSnapshot(`
      "1:1 version is missing; write version: 1
      1:1 features is missing; write features: {} if there are none
      3:5 reason is missing in freeze[0]
      7:7 percentage is missing in steps[0]"
    `);
  });

  test('contradictions are reported', () => {
    expect(said(fixture('rules/contradictions.yaml'))).toMatchInlineSnapshot(`
      "7:17 blacklist[0] is "octocat/hello-world", like whitelist[0] (case does not count); keep it in one of them
      7:38 blacklist[1] is "id-2", like whitelist[2]; keep it in one of them
      8:76 steps[2].percentage is 25, after 50; each step must be above the one before
      8:96 steps[3].percentage is 25, after 25; each step must be above the one before
      10:58 thresholds.warning_error_rate is 4.5; it must not be above max_error_rate, 4
      10:84 thresholds.critical_error_rate is 3; it must not be below max_error_rate, 4
      10:107 thresholds.advance_error_rate is 5; it must not be above max_error_rate, 4
      11:45 thresholds.max_error_rate is 20; it must not be above critical_error_rate, 10 (from defaults)
      12:53 thresholds.warning_error_rate is 6; it must not be above max_error_rate, 5 (the default)
      13:38 routing.large_batch is 5; it must not be below small_batch, 10 (the default)
      14:36 thresholds.window is 9999d; it must be at most 3650d
      15:45 thresholds.max_error_rate is 3.333; it may have at most two decimals
      15:76 steps[0].percentage is 33.333; it may have at most two decimals"
    `);
  });

  test('gates that can never open are reported', () => {
    expect(said(fixture('schema/gates.yaml'))).toMatchInlineSnapshot(`
      "3:3 cutoff is not a key of defaults; it belongs to a feature
      5:28 hours.from is "9:00"; it must be a time of day such as 09:00
      6:19 hours is empty; give it a key, or leave it out
      7:30 hours.days[0] is "monday"; it must be mon, tue, wed, thu, fri, sat or sun
      7:38 hours.days[1] is "funday"; it must be mon, tue, wed, thu, fri, sat or sun
      7:51 hours.to is "25:00"; it must be a time of day such as 09:00"
    `);
    expect(said(fixture('rules/gates.yaml'))).toMatchInlineSnapshot(`
      "5:34 hours.zone is Europe/Berlim; there is no such time zone; write one such as Europe/Berlin
      6:31 hours.from is 18:00; it must be earlier than hours.to, 17:00
      7:30 not_before is 2026-02-30; there is no such day
      8:48 cutoff is 2026-12-01, before not_before, 2026-12-24"
    `);
  });

  test('budgets without prices or without a limit are reported', () => {
    expect(said(fixture('schema/budget.yaml'))).toMatchInlineSnapshot(`
      "2:32 budget.monthly is "500"; it must be a number above 0, at most 1000000000, without quotes
      4:20 budget is empty; give it a key, or leave it out
      5:33 budget.monthly is 0; it must be above 0, at most 1000000000
      6:26 yearly is not a key of budget; its keys are monthly, per_job
      7:21 budget is 500; it must be a map of keys and values"
    `);
    expect(said(fixture('rules/budget.yaml'))).toMatchInlineSnapshot(`
      "5:23 budget is given, but costs names no price to compare with; add costs
      6:11 budget is given in defaults, but costs names no price to compare with; add costs"
    `);
  });

  test('a policy that its own file breaks is reported', () => {
    expect(said(fixture('rules/policy.yaml'))).toMatchInlineSnapshot(`
      "6:31 hours.to is 09:00; it must be later than hours.from, 17:00
      7:25 policy.largest_raise.job_share counts the jobs of subjects, which by_subject: top does not keep; use full, or remove job_share
      10:3 warning: steps are missing; policy.require names steps, so no change may raise this feature
      11:45 warning: rollback.enabled is false; policy.require names rollback, so no change may raise this feature
      15:23 warning: the step from 10% to 50% is refused: policy.largest_raise.points is 25
      16:24 warning: the step from 10% to 50% is refused: policy.largest_raise.points is 25"
    `);
  });

  test('days that do not exist or run backwards are reported', () => {
    expect(said(fixture('rules/days.yaml'))).toMatchInlineSnapshot(`
      "3:13 freeze[0].from is 2026-02-30; there is no such day
      4:29 freeze[1].to is 2026-12-20, before from, 2027-01-03
      5:13 freeze[2].from is 2026-13-01; there is no such day"
    `);
  });

  test('a contradiction in defaults is reported once', () => {
    expect(said(fixture('rules/defaults-contradict.yaml'))).toMatchInlineSnapshot(`
      "3:57 thresholds.warning_error_rate is 30; it must not be above max_error_rate, 20
      4:45 steps[1].percentage is 10, after 50; each step must be above the one before
      5:27 routing.small_batch is 60; it must not be above large_batch, 50 (the default)"
    `);
  });

  test('questionable settings get a warning', () => {
    expect(said(fixture('rules/warnings.yaml'))).toMatchInlineSnapshot(`
      "2:20 warning: test_repositories names 2; at least 5 make a first step that can be judged
      2:41 warning: test_repositories[2] is "ACME/One", like test_repositories[0] (case does not count)
      4:26 warning: percentage is 30, which is none of the steps 10, 25, 50, 75, 100
      5:32 warning: whitelist[1] is "A/B", like whitelist[0] (case does not count)
      5:41 warning: whitelist[3] is "id", like whitelist[2]
      5:66 warning: categories[1] is "small", like categories[0]
      6:21 warning: salt "old_name" is also that of feature old_name; the same subjects are chosen for both
      7:66 warning: categories has no effect with strategy repository_size; it filters strategy percentage
      8:66 warning: group_by only keeps out who lacks "team" with strategy repository_size; it is for strategy percentage
      9:44 warning: group_by has no effect with strategy whitelist; it is for strategy percentage
      9:57 warning: where has no effect with strategy whitelist; it is for strategy percentage and repository_size"
    `);
  });

  test('anchors, aliases, merge keys and tags are reported', () => {
    expect(said(fixture('yaml/aliases.yaml'))).toMatchInlineSnapshot(`
      "2:1 shared is not a key of the file; its keys are version, requires, environment, include, defaults, freeze, metrics, outcomes, policy, promotes, notify, test_repositories, features
      3:3 anchors (&shared) are not supported; put what features share into defaults
      5:8 aliases (*shared) are not supported; write the value, or put it into defaults
      7:5 merge keys (<<) are not supported; put what features share into defaults
      10:23 tags (!!int) are not supported; write the value alone
      11:21 tags (!set) are not supported; write the value alone"
    `);
  });

  test('keys written twice are reported', () => {
    expect(said(fixture('yaml/duplicates.yaml'))).toMatchInlineSnapshot(`
      "5:32 window is here twice; keep one of them
      6:5 percentage is here twice; keep one of them
      8:3 search is here twice; keep one of them
      11:1 environment is here twice; keep one of them"
    `);
  });

  test.each([
    ['a tab', 'tab', '4:1 a tab indents this line; indent with spaces'],
    [
      'an unquoted @',
      'unquoted-owner',
      '4:12 plain value cannot start with reserved character @; quote the value',
    ],
    [
      'an open bracket',
      'unclosed',
      '5:5 not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['two documents', 'two-documents', '3:1 a second document begins here; the file must have one'],
    ['a directive', 'directive', '1:1 directives such as %YAML are not supported'],
    ['comments alone', 'only-comments', '1:1 the file is empty; it begins with version: 1'],
    ['nothing', 'empty', '1:1 the file is empty; it begins with version: 1'],
    ['a list', 'list', '1:1 the file is a list; it must be a map of keys and values'],
  ])('a file with %s gets the fitting problem', (_, name, message) => {
    expect(said(fixture(`yaml/${name}.yaml`))).toBe(message);
  });

  test('an id of 10,000 characters is reported and shortened', () => {
    expect(said(feature(`whitelist: [${'x'.repeat(10_000)}]`))).toMatchInlineSnapshot(
      `"4:17 whitelist[0] is "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" (10000 characters); it must have at most 512 characters"`,
    );
  });

  test('a feature key of 1,000 characters is reported and shortened', () => {
    expect(said(`version: 1\nfeatures: { ${'k'.repeat(1_000)}: {} }\n`)).toMatchInlineSnapshot(
      `"2:13 the feature key "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…" (1000 characters) must be a lowercase letter, then up to 99 lowercase letters, digits, "_" or "-""`,
    );
  });

  test('features that are not a map are reported', () => {
    expect(said('version: 1\nfeatures:\n')).toMatchInlineSnapshot(
      `"2:10 features has no value; it must be a map of keys and values; {} is the empty one"`,
    );
    expect(said('version: 1\nfeatures: [a]\n')).toMatchInlineSnapshot(
      `"2:11 features is a list; it must be a map of keys and values"`,
    );
  });
});

describe('places', () => {
  test('a problem has the place of its value, or of its key if the key is wrong', () => {
    const { problems } = parseConfig(feature('percentage:   101', 'colour: blue'));
    expect(problems.map(({ path, line, column }) => [path, line, column])).toEqual([
      ['features.checkout.percentage', 4, 19],
      ['features.checkout.colour', 5, 5],
    ]);
  });

  test('the path of a problem quotes odd keys and numbers list entries', () => {
    const { problems } = parseConfig('version: 1\nfeatures: { "a b": { whitelist: [ok, 5] } }\n');
    expect(problems.map(({ path }) => path)).toEqual(['features["a b"]', 'features["a b"].whitelist[1]']);
  });

  test('problems are listed in the order of the text', () => {
    const { problems } = parseConfig(fixture('schema/wrong-values.yaml'));
    const places = problems.map(({ line, column }) => line * 1_000 + column);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(new Set(problems.map(({ line }) => line)).size).toBeGreaterThan(15);
  });
});

describe('an error in one feature', () => {
  const text = [
    'version: 1',
    'features:',
    '  sound: { percentage: 10 }',
    '  wrong: { percentage: 101, active: 7 }',
    '  twice: { percentage: 1, percentage: 2 }',
    '  both: { whitelist: [a], blacklist: [a] }',
    '  warned: { percentage: 33, steps: playbook }',
  ].join('\n');
  const result = parseConfig(text);

  test('an error in one feature keeps only that feature out', () => {
    expect([...(result.config?.features.keys() ?? [])]).toEqual(['sound', 'warned']);
  });

  test('an error in one feature is listed under its key, and a warning is not', () => {
    expect([...result.broken].map(([key, errors]) => [key, errors.length])).toEqual([
      ['wrong', 2],
      ['twice', 1],
      ['both', 1],
    ]);
    expect(result.problems).toHaveLength(5);
  });

  test('an error in one feature does not hide other problems of that feature', () => {
    expect(
      said(feature('percentage: 101', 'whitelist: [a]', 'blacklist: [a]', 'thresholds: { window: 5 }')),
    ).toMatchInlineSnapshot(`
      "4:17 percentage is 101; it must be from 0 to 100
      6:17 blacklist[0] is "a", like whitelist[0]; keep it in one of them
      7:27 thresholds.window is 5; it must be a duration such as 90s, 15m, 24h or 7d"
    `);
  });

  test('an error in one feature does not cause made-up contradictions', () => {
    expect(said(feature('thresholds: { max_error_rate: 300, warning_error_rate: 40 }'))).toBe(
      '4:35 thresholds.max_error_rate is 300; it must be above 0, at most 100',
    );
  });
});

describe('an error outside the features makes the whole file untrusted', () => {
  test.each([
    ['version', 'version: 2'],
    ['unknown key', 'version: 1\nfoo: 1'],
    ['duplicate key', 'version: 1\nversion: 1'],
    ['environment', 'version: 1\nenvironment: My Prod'],
    ['defaults', 'version: 1\ndefaults: { paused: 1 }'],
    ['freeze', 'version: 1\nfreeze: [{ from: 2026-01-02, to: 2026-01-01, reason: x }]'],
    ['test_repositories', 'version: 1\ntest_repositories: [5]'],
    ['anchor inside a feature', 'version: 1\nfeatures: { other: &x {} }'],
  ])('an error outside the features makes the whole file untrusted: %s', (_, head) => {
    const { config, problems } = parseConfig(
      `${head}\n${head.includes('features') ? '' : 'features: { checkout: {} }\n'}`,
    );
    expect(config).toBeNull();
    expect(problems.filter(({ severity }) => severity === 'error')).toHaveLength(1);
  });
});

describe('two decimals', () => {
  test('all 10,001 numbers from 0 to 100 with two decimals are accepted', () => {
    const rows = Array.from({ length: 10_001 }, (_, i) => `  f${i}: { percentage: ${(i / 100).toFixed(2)} }`);
    const { config, problems } = parseConfig(`version: 1\nfeatures:\n${rows.join('\n')}\n`);
    expect(problems).toEqual([]);
    expect(config?.features.get('f7')?.percentage).toBe(0.07);
  });

  test.each(['10.001', '99.999', '0.005', '0.001', '33.333333'])(
    'the percentage %s is refused because it has more than two decimals',
    (value) => {
      expect(said(feature(`percentage: ${value}`))).toMatch(/; it may have at most two decimals$/);
    },
  );
});

describe('a warning about test repositories', () => {
  const few = 'at least 5 make a first step that can be judged';

  test('fewer than five distinct test repositories get a warning', () => {
    const listed = 'version: 1\ntest_repositories: [a/1, a/2, a/3, a/4, A/4]\nfeatures: {}\n';
    expect(said(listed)).toContain(`2:20 warning: test_repositories names 4; ${few}`);
    expect(said(listed.replace('A/4', 'a/5'))).toBe('');
  });

  test('features that need test repositories get one warning when none are listed', () => {
    const text = 'version: 1\nfeatures:\n  a: { strategy: repository_size }\n  b: { categories: [test] }\n';
    expect(said(text)).toBe(
      `3:18 warning: strategy admits test repositories, but no test_repositories are named; ${few}`,
    );
  });

  test('missing test repositories get no warning when no feature needs them', () => {
    expect(said(feature('percentage: 10', 'categories: [small]'))).toBe('');
    expect(said(feature('subject: customer', 'percentage: 10'))).toBe('');
  });
});
