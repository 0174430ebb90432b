import { parseConfig } from '../../config/read/parse.ts';
import { admitsNobody, atMost } from '../../domain/spec/at-most.ts';

/**
 * Returns those of these features for which a newer text asks for more exposure than an older one; null: there was no
 * file.
 */
export function raisedBetween(
  before: Uint8Array | null,
  after: Uint8Array | null,
  features: readonly string[],
): string[] {
  const [then, now] = [before, after].map((text) => (text ? parseConfig(text).config?.features : undefined));
  return features.filter((feature) => {
    const [old, spec] = [then?.get(feature), now?.get(feature)];
    if (spec === undefined) return false;
    if (old === undefined || !atMost(spec, old)) return true;
    return spec.subject !== old.subject && !admitsNobody(spec);
  });
}
