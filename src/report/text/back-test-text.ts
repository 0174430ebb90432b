import { harmless } from '../../lib/text.ts';
import type { Style } from '../style/style.ts';
import { type BackTestReportLike, backTestReportSentences } from '../words/simulation/back-test-report.ts';

const LONGEST_SENTENCE = 600;

/** Formats the results of `back-test` for a terminal. */
export function backTestText(style: Style, report: BackTestReportLike): string {
  return [style.bold(harmless(report.feature, 255)), ...backTestReportSentences(report).map(lineOf)].join(
    '\n',
  );
}

function lineOf(sentence: string): string {
  return `- ${harmless(sentence, LONGEST_SENTENCE)}`;
}
