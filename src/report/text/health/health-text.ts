import type { CheckNote } from '../../../domain/change/outcome.ts';
import type { Advance } from '../../../domain/gate/advance.ts';
import type { GuardrailResult } from '../../../domain/guardrails/result.ts';
import { harmless } from '../../../lib/text.ts';
import { guardrailText } from '../../guardrails/guardrail-text.ts';
import type { Style } from '../../style/style.ts';
import { table } from '../../style/table.ts';
import { noteText } from '../../words/outcome-words.ts';
import { advanceText } from '../../words/wait-words.ts';

/** One verdict as the formatters need it. */
export interface HealthLike {
  feature: string;
  judgement: {
    verdict: string;
    reasonCode: string;
    reason: string;
    severity: string;
    scope: string;
    jobs: number;
    errors: number;
    scores: { absolute: number; relative: number; warning: number; critical: number };
  };
  guardrails: readonly GuardrailResult[];
  advance: Advance;
  action: string;
  note: CheckNote | null;
  overrides: readonly string[];
}

/** Formats verdict, sentence and action, feature by feature. */
export function healthText(style: Style, results: readonly HealthLike[]): string {
  if (results.length === 0) return 'no feature is live';
  return results.map((result) => featureText(style, result)).join('\n');
}

function featureText(style: Style, result: HealthLike): string {
  const { feature, judgement, advance, action, overrides } = result;
  const note = result.note && noteText(feature, result.note);
  const word = colourOf(style, judgement.verdict)(judgement.verdict);
  const lines = [
    `${style.bold(harmless(feature, 255))}  ${word}${judgement.severity === 'critical' ? style.bad(' (critical)') : ''}`,
  ];
  lines.push(`    ${harmless(judgement.reason, 500)}`);
  lines.push(...result.guardrails.map((one) => `    ${guardrailText(style, one, feature)}`));
  lines.push(style.dim(`    next step: ${harmless(advanceText(advance), 500)}`));
  for (const override of overrides) lines.push(style.warn(`    ${harmless(override, 300)}`));
  if (action !== 'none')
    lines.push(style.warn(`    ${action.replaceAll('_', ' ')}${note ? `: ${harmless(note, 300)}` : ''}`));
  else if (note) lines.push(style.dim(`    ${harmless(note, 300)}`));
  return lines.join('\n');
}

function colourOf(style: Style, verdict: string): (text: string) => string {
  if (verdict === 'healthy') return style.good;
  if (verdict === 'harmful' || verdict === 'error') return style.bad;
  return verdict === 'warning' || verdict === 'suspect' ? style.warn : style.dim;
}

/** Formats the four scores with the evidence that they need, as natural logarithms. */
export function scoresText(style: Style, results: readonly HealthLike[]): string {
  const head = ['feature', 'scope', 'jobs', 'errors', 'absolute', 'relative', 'warning', 'critical'];
  const rows = results.map(({ feature, judgement: { scope, jobs, errors, scores } }) => [
    feature,
    scope,
    String(jobs),
    String(errors),
    scores.absolute.toFixed(2),
    scores.relative.toFixed(2),
    scores.warning.toFixed(2),
    scores.critical.toFixed(2),
  ]);
  return `${table(style, head, rows)}\n${style.dim('evidence as natural logarithms; absolute acts at 8.52 (9.21 where categories are judged too), relative freezes there; warning and critical at 6.91')}`;
}
