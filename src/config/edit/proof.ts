import type { ParsedNode } from 'yaml';
import { RolloutError } from '../../errors.ts';
import { readYaml } from '../base/document.ts';
import { type Finding, featureOf } from '../base/problems.ts';
import { readText } from '../base/text.ts';
import { type Plain, toData } from '../base/tree.ts';
import { isSame } from './data.ts';
import { applySplices, type Splice } from './splice.ts';

/** A parsed text with its data, the basis of an edit and of its proof. */
export interface Opened {
  text: string;
  root: ParsedNode;
  data: Plain;
  /** The feature to edit; null for anything outside the features. */
  feature: string | null;
  /** Number of notation errors in other features: left alone, but must not increase. */
  mistakes: number;
}

/** Applies a change and proves it: parsed again, the new text must contain the intended data and nothing else. */
export function prove(state: Opened, splices: readonly Splice[], intended: Plain): Opened {
  const next = open(applySplices(state.text, splices), state.feature);
  if (next.mistakes !== state.mistakes || !isSame(next.data, intended)) {
    throw refused('the edited text would not say what was meant');
  }
  return next;
}

/** Parses a text to be edited; throws `edit_refused` if it is not sound enough. */
export function open(text: string, feature: string | null): Opened {
  const read = readText(text);
  if (!read.ok) throw refused(read.message);
  const yaml = readYaml(text);
  const error = yaml.errors[0];
  if (error) throw refused(`line ${yaml.place(error.offset).line}: ${error.message}`);
  if (yaml.root === null) throw refused('the file is empty');
  const findings: Finding[] = [];
  const data = toData(yaml.root, { add: (finding) => findings.push(finding) });
  const own = findings.find(({ path, wholeFile }) => wholeFile || [null, feature].includes(featureOf(path)));
  if (own) throw refused(`line ${yaml.place(Number(own.at)).line}: ${own.message}`);
  return { text, root: yaml.root, data, feature, mistakes: findings.length };
}

export function refused(message: string): RolloutError {
  return new RolloutError('edit_refused', `the file was left as it is: ${message}`, {
    hint: 'edit it by hand',
  });
}
