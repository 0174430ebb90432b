import type { Spec } from '../../domain/spec/spec.ts';
import type { Finding, Path } from './problems.ts';
import type { Defaults, Feature } from './schema-types.ts';

/** One feature as input of the rules: as written, merged with `defaults`, and with all defaults filled in. */
export interface FeatureView {
  key: string;
  path: Path;
  written: Feature;
  defaults: Defaults;
  spec: Spec;
}

export function error(path: Path, message: string): Finding {
  return { severity: 'error', path, at: 'value', message };
}

export function warning(path: Path, message: string): Finding {
  return { severity: 'warning', path, at: 'value', message };
}
