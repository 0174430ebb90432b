import { EXPOSURE_FIELDS } from '../../domain/spec/spec.ts';
import { nearest } from '../base/nearest.ts';
import { keyText, nameOf, type Path } from '../base/problems.ts';
import { type SchemaNode, schema } from './schema.ts';

/** Maps to which a misplaced key may belong, with their names for messages. */
const ELSEWHERE: readonly (readonly [name: string, node: SchemaNode | undefined])[] = [
  ['thresholds', schema.$defs.thresholds],
  ['rollback', schema.$defs.rollback],
  ['routing', schema.$defs.routing],
  ['a feature', schema.$defs.feature],
  ['the top of the file', schema],
];

/** Keys of thresholds in earlier versions of the file, and why they are not needed. */
const REMOVED: ReadonlyMap<string, string> = new Map([
  [
    'design_effect',
    'the score counts the jobs of one subject within five minutes as one, so nothing has to be set; remove the line (docs/health.md)',
  ],
]);

/** Explains an unknown key: where it belongs, which one was meant, or which ones exist. */
export function unknownKey(path: Path, key: string, node: SchemaNode): string {
  const where = placeName(path);
  const unknown = `${keyText(key)} is not a key of ${where}`;
  if (where === 'defaults' && (EXPOSURE_FIELDS as readonly string[]).includes(key)) {
    return `${unknown}: who is in is said by each feature itself`;
  }
  const gone = where === 'thresholds' || where.endsWith('.thresholds') ? REMOVED.get(key) : undefined;
  if (gone) return `${unknown}: ${gone}`;
  const keys = Object.keys(node.properties ?? {});
  const meant = nearest(key, keys);
  if (meant !== null) return `${unknown}; did you mean ${meant}?`;
  const others = ELSEWHERE.filter(([, other]) => other?.title !== node.title);
  for (const [home, other] of others) {
    if (Object.hasOwn(other?.properties ?? {}, key)) return `${unknown}; it belongs to ${home}`;
  }
  for (const [home, other] of others) {
    const there = nearest(key, Object.keys(other?.properties ?? {}));
    if (there !== null) return `${unknown}; did you mean ${there} of ${home}?`;
  }
  return `${unknown}; its keys are ${keys.join(', ')}`;
}

function placeName(path: Path): string {
  if (path.length === 0) return 'the file';
  if (path[0] === 'features' && path.length === 2) return 'a feature';
  return nameOf(path);
}
