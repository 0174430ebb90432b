import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import { costProblemText, evidenceWarningText } from '../words/evidence-words.ts';
import { nextSentence, stateSentence, waitsForText } from '../words/feature-sentence.ts';
import { spendingJson } from './advance-json.ts';
import { said } from './said.ts';

/** The JSON format of `report --json`: all data, with sentences beside the codes. */
export function reportJson(data: ReportData) {
  return { ...data, features: data.features.map(featureJson) };
}

function featureJson(feature: ReportFeature) {
  const { health, cost } = feature;
  const { percentage, at, what } = feature.next;
  return {
    ...feature,
    sentence: stateSentence(feature),
    health: {
      ...health,
      warnings: health.warnings.map((one) => said(one, evidenceWarningText)),
      ...spendingJson(health),
    },
    cost: { ...cost, problem: said(cost.problem, costProblemText) },
    next: {
      percentage,
      at,
      ...what,
      waits_for: waitsForText(feature.next),
      sentence: nextSentence(feature.feature, feature.next),
    },
  };
}
