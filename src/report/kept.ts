import type { Standing } from '../domain/plan/change.ts';
import type { ToldIncident } from '../domain/spec/incident.ts';
import { incidentEnding, incidentMarkdown, incidentTitle } from './markdown/incident-markdown.ts';
import { sinceMarkdown } from './markdown/outcome-markdown.ts';
import { writeBackMessage } from './markdown/write-back-message.ts';
import { emptyFileText, reasonText, reducedText } from './words/change-words.ts';
import { noticeText } from './words/notice-words.ts';
import { standingWord } from './words/plan-model.ts';
import { breachText, testsBreachText } from './words/policy-words.ts';
import { factTexts, titleText } from './words/request-words.ts';
import { advanceText } from './words/wait-words.ts';

/** Sentences that the use cases store in places that hold only text; `compose` passes them in. */
export const words = {
  gate: advanceText,
  breach: breachText,
  testsBreach: testsBreachText,
  notice: noticeText,
  reason: reasonText,
  reduced: reducedText,
  emptyFile: emptyFileText,
  title: titleText,
  facts: factTexts,
  issue: (incident: ToldIncident, environment: string | null) => ({
    title: incidentTitle(incident, environment),
    body: incidentMarkdown(incident),
    closing: incidentEnding(incident),
  }),
  writeBack: writeBackMessage,
  sinceMerged: sinceMarkdown,
  deployment: (standing: Standing, before: number | null, reason: string) => {
    const was = before === null ? '' : `, was ${before}%`;
    return `${standingWord(standing)}${was}: ${reason.replace(/\s+/g, ' ')}`;
  },
};
