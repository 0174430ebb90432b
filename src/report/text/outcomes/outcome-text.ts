import type {
  ChangeOutcome,
  ResumeOutcome,
  RollbackOutcome,
  StopOutcome,
} from '../../../domain/change/outcome.ts';
import { harmless } from '../../../lib/text.ts';
import type { Style } from '../../style/style.ts';
import {
  fileText,
  obstacleText,
  pendingText,
  rolledBackSentence,
  skippedText,
  stillAdmittedText,
  stopTexts,
  UNLATCHED,
} from '../../words/outcome-words.ts';
import { titleText } from '../../words/request-words.ts';
import { moment } from '../../words/words.ts';
import { planText } from '../plan-text.ts';

/** One line of an answer. */
export interface Line {
  text: string;
  /** True: a remark about the answer, and not part of it. */
  beside?: true;
}

/** The style of lines, and the name of the file in them. */
export interface Printing {
  style: Style;
  file: string;
}

const LONGEST_LINE = 2_000;

/** Describes the result of a change of the file. */
export function changeLines({ style, file: path }: Printing, outcome: ChangeOutcome): Line[] {
  const { file, requested, reconciled, obstacle } = outcome;
  const lines: Line[] = [];
  if (file) lines.push({ text: `${style.bold(line(titleText(requested)))}: ${line(fileText(file, path))}` });
  if (reconciled) lines.push({ text: planText(style, reconciled, path, true) });
  if (obstacle) {
    const why = line(obstacleText(obstacle));
    lines.push({ text: style.warn(file ? `not live yet: ${why}` : why), beside: true });
  }
  return lines;
}

/** Describes the result of a resume: its permits, the change, and what stays held. */
export function resumeLines(printing: Printing, outcome: ResumeOutcome): Line[] {
  const { style } = printing;
  return [
    ...outcome.permits.map(({ feature, incident, expires_at }): Line => {
      return { text: line(`incident ${incident} of ${feature} has a permit until ${moment(expires_at)}`) };
    }),
    ...changeLines(printing, outcome),
    ...(outcome.unlatched ? [{ text: style.good(UNLATCHED) }] : []),
    ...outcome.skipped.map((one): Line => ({ text: style.warn(line(skippedText(one))), beside: true })),
  ];
}

/** Describes the result of a rollback. */
export function rollbackLines({ style, file }: Printing, outcome: RollbackOutcome): Line[] {
  const { incident, written_back, reconciled, pending } = outcome;
  const sentence = line(rolledBackSentence(outcome));
  if (incident === null) return [{ text: sentence }];
  const lines: Line[] = [{ text: style.bad(sentence) }];
  const still = stillAdmittedText(outcome);
  if (still) lines.push({ text: style.bad(`but ${line(still)}`), beside: true });
  if (written_back?.commit) lines.push({ text: `written back in ${written_back.commit.slice(0, 10)}` });
  if (reconciled) lines.push({ text: planText(style, reconciled, file, true) });
  if (pending) lines.push({ text: style.warn(line(pendingText(pending))), beside: true });
  return lines;
}

/** Describes what was stopped, and how the stop ends. */
export function stopLines({ style }: Printing, outcome: StopOutcome): Line[] {
  return [
    ...stopTexts(outcome).map((text): Line => ({ text: style.bad(line(text)) })),
    { text: 'held until the file agrees and a person resumes it; see: rollout incidents', beside: true },
  ];
}

function line(text: string): string {
  return harmless(text, LONGEST_LINE);
}
