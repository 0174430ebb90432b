import { isDeepStrictEqual } from 'node:util';
import { parseConfig } from '../../../src/config/read/parse.ts';
import type { Seen } from '../seen.ts';

/**
 * 7. After faults end, ticks bring the file and the database into agreement. Asked after the last of some ticks with
 * everything merged that waited for a person.
 */
export function settled({ effect, after, file, allowed, who, is, features }: Seen, text: string): string[] {
  if (effect.failed) return [`it never came to rest: ${effect.failed}`];
  if (file === null) return ['it never came to rest: no file was applied'];
  const found: string[] = [];
  const { config } = parseConfig(text);
  for (const feature of features) {
    const row = after.features.get(feature);
    const spec = config?.features.get(feature);
    if (!spec || !row) continue;
    const open = after.incidents.find((one) => one.feature === feature && one.state === 'open');
    if (open) {
      found.push(`${feature} is still held by incident ${open.id}, whose write-back is ${open.writeBack}`);
      continue;
    }
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(row.spec)), JSON.parse(JSON.stringify(spec)))) {
      found.push(`the spec of ${feature} in the database is not that of the file`);
    }
    // A name in a whitelist means whoever had it first: who is in may be fewer than the names allow.
    const wider = [...is(feature)].filter((one) => !who(allowed(feature)).has(one));
    const names = /\w\/\w/.test(JSON.stringify(file.features[feature]));
    const narrower = names ? [] : [...who(allowed(feature))].filter((one) => !is(feature).has(one));
    if (wider.length + narrower.length > 0) {
      found.push(
        `${feature} in the database is not as the file says: ${wider.length} too many, ${narrower.length} missing`,
      );
    }
  }
  return found;
}

/** And they stay there: one more tick writes nothing. */
export function calm({ before, after, effect }: Seen): string[] {
  const found: string[] = [];
  if (before.revision !== after.revision)
    found.push(`a tick with nothing to do moved to another commit: ${effect.note}`);
  if (before.generation !== after.generation)
    found.push(`a tick with nothing to do changed the database: ${effect.note}`);
  if (before.history.entries !== after.history.entries)
    found.push(`a tick with nothing to do wrote history: ${effect.note}`);
  return found;
}
