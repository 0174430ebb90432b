import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import { nextSentence, stateSentence, waitsForText } from '../words/feature-sentence.ts';

/** `report --json`: everything that is known, with its sentences beside the codes. */
export function reportJson(data: ReportData) {
  return { ...data, features: data.features.map(featureJson) };
}

function featureJson(feature: ReportFeature) {
  const { percentage, at, what } = feature.next;
  return {
    ...feature,
    sentence: stateSentence(feature),
    next: {
      percentage,
      at,
      ...what,
      waits_for: waitsForText(feature.next),
      sentence: nextSentence(feature.feature, feature.next),
    },
  };
}
