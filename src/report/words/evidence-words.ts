import type { CostProblem } from '../../domain/evidence/cost.ts';
import { percentOf } from '../../domain/evidence/rates.ts';
import type { EvidenceWarning, Uneven } from '../../domain/evidence/warning.ts';
import { harmless } from '../../lib/text.ts';
import { counted } from './words.ts';

const LONGEST_NAMES = 300;

/** A warning as a clause without a full stop. */
export function evidenceWarningText(warning: EvidenceWarning): string {
  switch (warning.code) {
    case 'few_participate': {
      const { participants, eligible } = warning;
      const percent = percentOf(participants, eligible);
      return `only ${participants} of ${counted(eligible, 'eligible subject')} (${percent}%) had a job, so the verdict rests on few of them`;
    }
    case 'uneven':
      return `${unevenText(warning)}: the others are hardly tried`;
  }
}

/** `87.5% are small` */
export function unevenText({ percent, category }: Uneven): string {
  return `${percent}% are ${category}`;
}

/** Why the cost is not known, as a clause without a full stop. */
export function costProblemText(problem: CostProblem): string {
  switch (problem.code) {
    case 'no_job':
      return 'no job has finished';
    case 'no_prices':
      return 'the file names no costs';
    case 'unpriced':
      return `the file names no costs of ${harmless(problem.processors.join(', '), LONGEST_NAMES)}`;
    case 'fallback_unpriced':
      return `the file names no costs of the fallback ${harmless(problem.fallback, LONGEST_NAMES)}`;
    case 'untimed':
      return `how long the jobs of ${harmless(problem.processors.join(', '), LONGEST_NAMES)} took is not known`;
    case 'fallback_untimed':
      return `how long jobs take on ${harmless(problem.fallback, LONGEST_NAMES)} is not known`;
  }
}
