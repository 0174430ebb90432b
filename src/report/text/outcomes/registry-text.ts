import type { Movement } from '../../../domain/plan/impact.ts';
import type { CategorizeReport } from '../../../domain/plan/registry-change.ts';
import type { BadLine, ImportReport, RecordReport } from '../../../domain/report/registry-reports.ts';
import type { SubjectType } from '../../../domain/spec/vocabulary.ts';
import { harmless } from '../../../lib/text.ts';
import type { Style } from '../../style/style.ts';
import { unmatchedText } from '../../words/outcome-words.ts';
import { count, counted } from '../../words/words.ts';
import type { Line } from './outcome-text.ts';

/** Describes the result of an import. */
export function importLines(style: Style, report: ImportReport, subject: SubjectType): Line[] {
  const { received, added, changed, unchanged, ignored_columns: ignored } = report;
  const many = subject === 'repository' ? 'repositories' : 'customers';
  const brought = `${count(added)} new, ${count(changed)} changed, ${count(unchanged)} as before`;
  return [
    { text: `${counted(received, subject, many)} read: ${brought}` },
    ...(ignored.length > 0 ? [beside(`columns not used: ${harmless(ignored.join(', '), 500)}`)] : []),
    ...badLines(style, report),
    ...movementLines(report.movements),
  ];
}

/** Describes the result of a categorisation. */
export function categorizedLines({ source, changed, movements }: CategorizeReport): Line[] {
  const repositories = (number: number) => counted(number, 'repository', 'repositories');
  const read = source && [
    {
      text: `rollout_repository_source: ${repositories(source.received)}, ${count(source.added)} new, ${count(source.changed)} changed`,
    },
  ];
  return [
    ...(read ?? []),
    { text: `${repositories(changed)} in another category than before` },
    ...movementLines([...(source?.movements ?? []), ...movements]),
  ];
}

/** Describes the result of recording outcomes. */
export function recordedLines(style: Style, report: RecordReport): Line[] {
  const repeated = report.repeated === 0 ? '' : `, ${count(report.repeated)} were recorded before`;
  const kept = report.kept === 0 ? '' : `, ${counted(report.kept, 'attempt')} kept until the last one`;
  return [
    { text: `${counted(report.recorded, 'outcome')} recorded${repeated}${kept}` },
    ...badLines(style, report),
  ];
}

/** Describes who enters and leaves live features because the registry changed. */
export function movementLines(movements: readonly Movement[]): Line[] {
  return movements.map(({ feature, entering, leaving }) => ({
    text: `${harmless(feature, 255)}: ${counted(entering, 'subject')} entered, ${count(leaving)} left`,
  }));
}

/** Describes names that match no subject; empty if there are none. */
export function unmatchedLines(style: Style, unmatched: readonly string[]): Line[] {
  return unmatched.length === 0 ? [] : [beside(style.warn(unmatchedText('subject', unmatched)))];
}

function badLines(
  style: Style,
  { skipped, skipped_count }: { skipped: readonly BadLine[]; skipped_count: number },
): Line[] {
  if (skipped_count === 0) return [];
  return [
    beside(style.warn(`${counted(skipped_count, 'bad line')} left out:`)),
    ...skipped.map(({ line, message }) => beside(`  line ${line}: ${message}`)),
  ];
}

function beside(text: string): Line {
  return { text, beside: true };
}
