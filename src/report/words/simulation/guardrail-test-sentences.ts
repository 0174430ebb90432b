import type { Acted, GuardrailBackTest, GuardrailTest } from '../../../domain/simulation/guardrail-test.ts';
import { atMinute, DAY_SECONDS } from '../../../lib/time.ts';
import { counted, moment } from '../words.ts';
import { rateText } from './simulate-sentences.ts';

const MOST_SHOWN = 5;
const PERCENT = 100;

/** The back-test of each guardrail, one sentence each, or, if nothing is known, the next command. */
export function guardrailTestSentences(
  feature: string,
  tests: readonly GuardrailBackTest[],
  command: 'back-test' | 'simulate' = 'simulate',
): string[] {
  return tests.flatMap((one) => sentencesOf(`rollout ${command} ${feature}`, one));
}

function sentencesOf(next: string, { metric, found }: GuardrailBackTest): string[] {
  const name = `guardrail ${metric}`;
  switch (found.code) {
    case 'no_events':
      return [`${name}: not back-tested: no event of it is known yet`];
    case 'no_engine':
      return [
        `${name}: not back-tested: its events are in an engine, and ROLLOUT_PROMETHEUS_URL is not set here; where it is, run: ${next}`,
      ];
    case 'fork':
      return [
        `${name}: not back-tested: no engine is asked for a pull request from a fork; once it is merged, run: ${next}`,
      ];
    case 'engine_refused':
      return [`${name}: not back-tested: ${found.problem}; try again with: ${next}`];
    case 'tested':
      return testedSentences(name, found.test);
  }
}

function testedSentences(name: string, test: GuardrailTest): string[] {
  const { guardrail, from, until, acted, events, bad, days, gap } = test;
  const length = Math.round((until - from) / DAY_SECONDS);
  const rate = events === 0 ? 0 : (bad / events) * PERCENT;
  const did = guardrail.on_harm === 'rollback' ? 'rolled back' : ACTED[guardrail.on_harm];
  const sentences = [
    `${name}: with limit ${rateText(guardrail.limit)} it would have ${did} ${times(acted.length)} in the last ${counted(length, 'day')}${whenText(acted)}; ${counted(bad, 'bad event')} of ${counted(events, 'event')} (${rateText(rate)}) on ${counted(days, 'day')}; ${burstText(test)}`,
  ];
  if (guardrail.limit <= rate) {
    sentences.push(
      `${name}: limit ${rateText(guardrail.limit)} is not above the measured share of ${rateText(rate)}, so a feature without effect exceeds it; choose a higher limit`,
    );
  }
  if (gap) {
    sentences.push(
      `${name}: it has no event from ${moment(atMinute(Math.floor(gap.from / 60)))} to ${moment(atMinute(Math.floor(gap.until / 60)))}`,
    );
  }
  return sentences;
}

const ACTED = { freeze: 'frozen the ramp', warn: 'warned' } as const;

function times(count: number): string {
  if (count === 0) return 'never';
  return count === 1 ? 'once' : `${count} times`;
}

function whenText(acted: readonly Acted[]): string {
  if (acted.length === 0) return '';
  const shown = acted.slice(0, MOST_SHOWN).map(({ at, arm, epoch }) => {
    const whose = arm === 'control' ? ', by control, which has no feature' : '';
    return `${moment(atMinute(at))}${epoch === null ? '' : ` in epoch ${epoch}`}${whose}`;
  });
  const more = acted.length - shown.length;
  return ` (${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''})`;
}

function burstText({ correlation }: GuardrailTest): string {
  if (correlation === null) return 'too few bad events to measure whether they come in bursts';
  return correlation === 0
    ? 'they do not come in bursts'
    : `they come in bursts: the correlation of two events of five minutes is ${correlation}`;
}
