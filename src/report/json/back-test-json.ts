import { type BackTestReportLike, backTestReportSentences } from '../words/simulation/back-test-report.ts';
import { guardrailJson } from './simulate-model.ts';

/** The JSON format of `back-test --json`. */
export function backTestJson(report: BackTestReportLike) {
  return {
    feature: report.feature,
    guardrails: report.guardrails.map((one) => ({ ...guardrailJson(one), not_yet: one.notYet })),
    sentences: backTestReportSentences(report),
  };
}
