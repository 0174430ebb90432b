import type { WrittenBack } from '../../../domain/change/outcome.ts';
import type { Checked, TickResult } from '../../../domain/change/round.ts';
import { harmless } from '../../../lib/text.ts';
import type { Style } from '../../style/style.ts';
import { refusalText } from '../../words/outcome-words.ts';
import { writeBackWord } from '../../words/report-words.ts';
import { counted } from '../../words/words.ts';
import { healthText, scoresText } from '../health/health-text.ts';
import { planText } from '../plan-text.ts';
import type { Line, Printing } from './outcome-text.ts';
import { categorizedLines } from './registry-text.ts';

const LONGEST_LINE = 500;

/** Describes one run of the scheduled controller. */
export function tickLines({ style, file }: Printing, result: TickResult): Line[] {
  if (result.skipped) return [{ text: 'another tick is at work; this one did nothing' }];
  const { reconciled, results, written_back, timed_out, problems, warnings, delivery, registry } = result;
  return [
    ...(reconciled ? [{ text: planText(style, reconciled, file, true) }] : []),
    ...notReconciled(style, result),
    { text: healthText(style, results) },
    ...written_back.map((one) => writtenLine(style, one)),
    ...(timed_out > 0
      ? [
          {
            text: `${counted(timed_out, 'job')} timed out and ${timed_out === 1 ? 'counts as a failure' : 'count as failures'}`,
          },
        ]
      : []),
    ...(registry ? categorizedLines(registry) : []),
    ...[...warnings, ...problems].map((text) => warning(style, text)),
    ...(delivery?.error
      ? [warning(style, `${counted(delivery.waiting, 'notification')} waiting: ${delivery.error}`)]
      : []),
  ];
}

/** Describes a judgement outside of a tick, with its arithmetic. */
export function checkLines({ style }: Printing, checked: Checked): Line[] {
  const { results, written_back } = checked;
  return [
    { text: healthText(style, results) },
    ...(results.length > 0 ? [{ text: scoresText(style, results) }] : []),
    ...written_back.map((one) => writtenLine(style, one)),
    ...notReconciled(style, checked),
  ];
}

function notReconciled(style: Style, { reconcile_error }: Pick<Checked, 'reconcile_error'>): Line[] {
  return reconcile_error
    ? [warning(style, `the file was not reconciled: ${refusalText(reconcile_error)}`)]
    : [];
}

function writtenLine(style: Style, { feature, state, error, commit, pull_request }: WrittenBack): Line {
  const name = harmless(feature, 255);
  if (error) {
    return { text: style.warn(`write-back of ${name} is pending: ${harmless(error, LONGEST_LINE)}`) };
  }
  const where = commit ? ` in ${commit.slice(0, 10)}` : pull_request === null ? '' : ` in #${pull_request}`;
  return { text: `write-back of ${name}: ${writeBackWord(state)}${where}` };
}

function warning(style: Style, text: string): Line {
  return { text: style.warn(harmless(text, LONGEST_LINE)), beside: true };
}
