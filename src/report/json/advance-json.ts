import type { Spending } from '../../domain/evidence/spending.ts';
import type { EvidenceWarning } from '../../domain/evidence/warning.ts';
import type { Advance } from '../../domain/gate/advance.ts';
import { evidenceWarningText, spendingText } from '../words/evidence-words.ts';
import { advanceText } from '../words/wait-words.ts';
import { said } from './said.ts';

/** A gate for programs: `wait` is null if it is open, otherwise its code with the facts; `text` is the sentence. */
export function advanceJson(advance: Advance) {
  const { next, soakLeft, wait } = advance;
  return { ready: wait === null, next, soak_left: soakLeft, wait, text: advanceText(advance) };
}

interface Standing {
  health: { advance: Advance | null; warnings: readonly EvidenceWarning[]; spending?: Spending };
}

/** Adds the gate's code and facts to its sentence in `status --json`, `stats --json` and the server's views. */
export function standingsJson<L extends Standing, S extends { features: L[] }>(status: S) {
  return { ...status, features: status.features.map(standingJson) };
}

function standingJson<L extends Standing>(line: L) {
  const { advance } = line.health;
  const gate = { advance: advance && advanceText(advance), wait: advance?.wait ?? null };
  const warnings = line.health.warnings.map((one) => said(one, evidenceWarningText));
  return { ...line, health: { ...line.health, ...gate, warnings, ...spendingJson(line.health) } };
}

/** Cost of a feature with a budget, for programs; empty without a budget. */
export function spendingJson({ spending }: { spending?: Spending }) {
  return spending ? { spending: { ...spending, text: spendingText(spending) } } : {};
}
