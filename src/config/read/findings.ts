import type { Problem } from '../../domain/spec/problem.ts';
import { byPlace, type Finding, featureOf, type Path } from '../base/problems.ts';
import { isPlainMap, type Plain, type PlainMap } from '../base/tree.ts';
import type { Locator } from '../schema/locate.ts';

/** Limit of listed problems; others are only counted: nobody reads them, and describing them takes minutes. */
export const MOST_PROBLEMS = 1_000;

/** Collects the errors of a file: which parts are not trusted, and the descriptions of the first thousand problems. */
export class Findings {
  readonly #errors: Finding[] = [];
  readonly #warnings: Finding[] = [];
  #unlistedErrors = 0;
  #unlistedWarnings = 0;
  /** Features with errors, each with its fields that have one; '' stands for the feature as a whole. */
  readonly #broken = new Map<string, Set<string>>();
  /** Keys with an error at the top of the file, and in `defaults`. */
  readonly #atTop = new Set<string>();
  readonly #inDefaults = new Set<string>();
  /** False if something outside the features is wrong. */
  #trusted = true;

  add(finding: Finding): void {
    if (finding.severity === 'warning') {
      if (this.#warnings.length < MOST_PROBLEMS) this.#warnings.push(finding);
      else this.#unlistedWarnings++;
    } else this.addError(finding.path, () => finding, finding.wholeFile);
  }

  /** Adds an error at a path, and describes it only if it will be listed. */
  addError(path: Path, describe: () => Finding, wholeFile = false): void {
    this.#distrust(path, wholeFile);
    if (this.#errors.length < MOST_PROBLEMS) this.#errors.push(describe());
    else this.#unlistedErrors++;
  }

  get trusted(): boolean {
    return this.#trusted;
  }

  /** Returns all features with errors, including those whose errors are not listed. */
  get broken(): Iterable<string> {
    return this.#broken.keys();
  }

  #distrust(path: Path, wholeFile: boolean): void {
    const feature = featureOf(path);
    if (feature === null || wholeFile) this.#trusted = false;
    if (feature === null) {
      const [first, second] = path;
      if (first === 'defaults' && second !== undefined) this.#inDefaults.add(String(second));
      else if (first !== undefined) this.#atTop.add(String(first));
      return;
    }
    const fields = this.#broken.get(feature) ?? new Set();
    this.#broken.set(feature, fields.add(path.length > 2 ? String(path[2]) : ''));
  }

  /**
   * Removes wrong parts from the data, so that the rules can check the rest: inside a feature or `defaults` the whole
   * field, because part of one (some thresholds, some steps) would look contradictory.
   */
  prune(data: PlainMap): void {
    for (const key of this.#inDefaults) removeFrom(data.defaults, key);
    for (const key of this.#atTop) delete data[key];
    if (!isPlainMap(data.features)) return;
    for (const [key, fields] of this.#broken) {
      if (fields.has('')) delete data.features[key];
      else for (const field of fields) removeFrom(data.features[key], field);
    }
  }

  /**
   * Sorts problems in the order of the text; errors take precedence if not all are listed, and the last one counts the
   * rest.
   */
  placed(locator: Locator): { problems: Problem[]; broken: Map<string, Problem[]> } {
    const warnings = this.#warnings.slice(0, MOST_PROBLEMS - this.#errors.length);
    const placed = [...this.#errors, ...warnings].map((finding) => {
      return { feature: featureOf(finding.path), finding, problem: locator.problem(finding) };
    });
    placed.sort((a, b) => byPlace(a.problem, b.problem));
    const problems = placed.map(({ problem }) => problem);
    const more = this.#more(this.#warnings.length - warnings.length, problems.at(-1));
    const broken = new Map<string, Problem[]>();
    for (const { feature, finding, problem } of placed) {
      if (finding.severity === 'warning' || feature === null || finding.wholeFile) continue;
      const errors = broken.get(feature);
      if (errors) errors.push(problem);
      else broken.set(feature, [problem]);
    }
    if (more !== null) {
      for (const feature of this.#broken.keys()) if (!broken.has(feature)) broken.set(feature, [more]);
    }
    return { problems: more === null ? problems : [...problems, more], broken };
  }

  #more(leftOut: number, last: Problem | undefined): Problem | null {
    const errors = this.#unlistedErrors;
    const warnings = this.#unlistedWarnings + leftOut;
    if (errors + warnings === 0) return null;
    const counts = [counted(errors, 'error'), counted(warnings, 'warning')].filter((text) => text !== null);
    return {
      severity: errors > 0 ? 'error' : 'warning',
      path: '',
      line: last?.line ?? 1,
      column: last?.column ?? 1,
      message: `${counts.join(' and ')} are not listed; fix the first ${MOST_PROBLEMS} and validate again`,
    };
  }
}

function counted(count: number, what: string): string | null {
  return count === 0 ? null : `${count} more ${what}${count === 1 ? '' : 's'}`;
}

function removeFrom(map: Plain | undefined, key: string): void {
  if (isPlainMap(map)) delete map[key];
}
