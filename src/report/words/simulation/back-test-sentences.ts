import type { Comparison } from '../../../domain/simulation/back-test-compare.ts';
import { atMinute } from '../../../lib/time.ts';
import { counted, moment } from '../words.ts';
import type { SimulationLike } from './simulated.ts';

/** The results of the stored past, one sentence each; empty without a database. */
export function backTestSentences({ backTest, spec }: Pick<SimulationLike, 'backTest' | 'spec'>): string[] {
  if (!backTest) return [];
  const { epochs, fired, comparisons } = backTest;
  if (epochs.length === 0) return ['back-test: no finished treatment job is stored of the last 30 days'];
  const jobs = epochs.reduce((sum, epoch) => sum + epoch.jobs, 0);
  const rollbacks = epochs.filter(({ rolledBackAt }) => rolledBackAt !== null).length;
  const warnings = fired.length - rollbacks;
  const judged = epochs.filter(({ problem }) => problem === null).length;
  const sentences = [
    `back-test over ${counted(jobs, 'job')} of ${counted(judged, 'epoch')} in the last 30 days: ${counted(rollbacks, 'rollback')}, ${counted(warnings, 'warning')}`,
    ...epochs.flatMap(({ epoch, problem }) =>
      problem === null ? [] : [`epoch ${epoch} was not tested: ${problem}`],
    ),
    ...comparisons.map((comparison) => comparisonSentence(comparison)),
  ];
  if (
    rollbacks > 0 &&
    spec.analysis === 'sequential' &&
    comparisons.some(({ agreement }) => agreement === 'only_proposed')
  ) {
    sentences.push(
      'a rollback that nobody asked for then is either a false alarm or harm that nobody saw: look at the jobs',
    );
  }
  return sentences;
}

function comparisonSentence({ epoch, agreement, rolledBackAt, incident, hoursEarlier }: Comparison): string {
  const at = rolledBackAt === null ? '' : moment(atMinute(rolledBackAt));
  const really = incident
    ? `${KINDS[incident.kind]} at ${moment(incident.opened_at)} (incident ${incident.id})`
    : '';
  if (agreement === 'only_proposed')
    return `epoch ${epoch}: it would have been rolled back at ${at}; in fact it was not`;
  if (agreement === 'only_past') {
    return `epoch ${epoch}: it was ${really}; these thresholds had not rolled it back by the end of that evidence, so they would have been later or never`;
  }
  return `epoch ${epoch}: it would have been rolled back at ${at}, ${differenceText(hoursEarlier ?? 0)} it was ${really}`;
}

const KINDS = { rollback: 'rolled back', emergency_stop: 'stopped', drift: 'reduced by hand' } as const;

/** A difference of less than two checks counts as the same moment. */
function differenceText(hoursEarlier: number): string {
  const minutes = Math.round(Math.abs(hoursEarlier) * 60);
  if (minutes <= 30) return 'at the time when';
  const length = minutes < 120 ? `${minutes} min` : `${Number((minutes / 60).toFixed(1))} h`;
  return `${length} ${hoursEarlier > 0 ? 'before' : 'after'}`;
}
