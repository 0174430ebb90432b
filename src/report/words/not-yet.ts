import type { NotYet } from '../../domain/guardrails/allowance.ts';
import { atMinute, minuteOf } from '../../lib/time.ts';
import { counted, moment } from './words.ts';

/** Why a guardrail without subjects may not roll back yet, as a clause, and what to do. */
export function notYetText(notYet: NotYet, feature: string): string {
  const again = `run: rollout back-test ${feature}`;
  switch (notYet.code) {
    case 'no_correlation':
      return `its metric does not tell subjects apart; measure its bursts: ${again}`;
    case 'not_tested':
      return `it was never back-tested; ${again}`;
    case 'queries_changed':
      return `its queries changed since its back-test; ${again}`;
    case 'limit_lowered':
      return `its limit is ${notYet.limit}% and was back-tested at ${notYet.tested}%; ${again}`;
    case 'too_few_days':
      return `its back-test found events on ${counted(notYet.days, 'day')} of the ${notYet.needed} that are needed; wait, then ${again}`;
    case 'false_alarms':
      return `in its back-test it would have acted ${counted(notYet.count, 'time')}, last at ${moment(atMinute(minuteOf(new Date(notYet.last))))}; raise its limit or find the cause, then ${again}`;
    case 'limit_not_above':
      return `its limit ${notYet.limit}% is not above the measured share of ${Number(notYet.share.toFixed(2))}%; raise it, then ${again}`;
    case 'not_measured':
      return `its back-test had too few bad events to measure bursts; write advanced: { correlation: 1 }, not ${notYet.written}`;
    case 'correlation_below':
      return `advanced.correlation is ${notYet.written}, and its back-test measured ${notYet.least}; write advanced: { correlation: ${notYet.least} }`;
  }
}
