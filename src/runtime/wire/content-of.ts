import { compareText } from '../../lib/text.ts';
import type { Published } from './source.ts';
import { type Holders, WIRE_VERSION, type WireContent } from './wire.ts';

/** What a library knows, as it travels. */
export function contentOf({ state, features, holders }: Published): WireContent {
  return {
    version: WIRE_VERSION,
    environment: state.environment,
    global_stop: state.global_stop,
    holders: holdersOf(holders),
    features: [...features].sort((one, other) => compareText(one.feature, other.feature)),
  };
}

/** In one order, wherever it was read. */
export function holdersOf(holders: Published['holders']): Holders {
  return { repository: sorted(holders.repository), customer: sorted(holders.customer) };
}

function sorted(names: ReadonlyMap<string, readonly string[]>): Record<string, string[]> {
  const entries = [...names].map(([name, ids]): [string, string[]] => [name, [...ids].sort()]);
  return Object.fromEntries(entries.sort(([one], [other]) => compareText(one, other)));
}
