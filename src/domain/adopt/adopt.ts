import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { harmless } from '../../lib/text.ts';
import type { ReadExport } from './flag.ts';
import { readFlagd } from './flagd.ts';
import { readGrowthBook } from './growthbook.ts';
import { readLaunchDarkly } from './launchdarkly.ts';
import { readUnleash } from './unleash.ts';

/** Systems whose exports can be read. */
export const ADOPTED_SYSTEMS = ['flagd', 'unleash', 'launchdarkly', 'growthbook'] as const;
export type AdoptedSystem = (typeof ADOPTED_SYSTEMS)[number];

const READERS: Readonly<
  Record<AdoptedSystem, (document: unknown, environment: string | null) => ReadExport | null>
> = {
  flagd: readFlagd,
  unleash: readUnleash,
  launchdarkly: readLaunchDarkly,
  growthbook: readGrowthBook,
};

/** Which export each system needs, in a few words. */
const WANTED: Readonly<Record<AdoptedSystem, string>> = {
  flagd: 'a flag definition file, {"flags": {...}}',
  unleash: 'an export, {"features": [...], "featureStrategies": [...]}',
  launchdarkly: 'the answer of GET /api/v2/flags/PROJECT?summary=0, {"items": [...]}',
  growthbook: 'the payload of an SDK or the answer of GET /api/v1/features, {"features": ...}',
};

/**
 * Reads an export. Throws `usage` if it is not an export of this system, if it holds several environments and none was
 * named, or if it lacks the named one.
 */
export function readExport(system: AdoptedSystem, text: string, environment: string | null): ReadExport {
  const read = READERS[system](parsed(system, text), environment);
  if (!read) {
    throw new RolloutError('usage', `the file is not an export of ${system}`, {
      hint: `it wants ${WANTED[system]}`,
    });
  }
  const { environments } = read;
  const isThere = environment === null ? environments.length < 2 : environments.includes(environment);
  if (environments.length === 0 || isThere) return read;
  const found = environments.map((name) => harmless(name)).join(', ');
  const wanted = environment === null ? 'none was named' : `${environment} is not among them`;
  throw new RolloutError('usage', `the export holds the environments ${found}; ${wanted}`, {
    hint: `name one: --environment ${harmless(environments[0] ?? '')}`,
  });
}

function parsed(system: AdoptedSystem, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new RolloutError('usage', `the export is not JSON: ${harmless(errorText(error), 200)}`, {
      hint: `it wants ${WANTED[system]}`,
    });
  }
}
