import type { RolloutConfig } from '../../domain/spec/spec.ts';

/** Returns a TypeScript module with the union of the file's keys, sorted, so that the same file gives the same text. */
export function featureTypes({ features }: Pick<RolloutConfig, 'features'>, file: string): string {
  // The schema restricts keys, so no text needs escaping here.
  const keys = [...features.keys()].sort();
  const union = keys.length === 0 ? ' never' : keys.map((key) => `\n  | '${key}'`).join('');
  return `// Written by \`rollout types\` from ${file}; do not edit.

/** The features of the file, for \`createRollout<FeatureKey>(...)\`: one that is gone from it does not compile. */
export type FeatureKey =${union};
`;
}
