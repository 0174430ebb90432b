import { compareText } from '../../lib/text.ts';
import { toWire, type WireFeature } from './newer.ts';
import type { Published } from './source.ts';
import { type Holders, WIRE_VERSION, type WireContent } from './wire.ts';

/** The content with its features as written text. */
export type WrittenContent = Omit<WireContent, 'features'> & { features: WireFeature[] };

/** Returns a library's snapshot in wire form. */
export function contentOf({ state, features, holders }: Published): WrittenContent {
  return {
    version: WIRE_VERSION,
    environment: state.environment,
    global_stop: state.global_stop,
    holders: holdersOf(holders),
    features: writtenFeatures(features),
  };
}

/** Returns the features sorted by key. */
export function writtenFeatures(features: Published['features']): WireFeature[] {
  return [...features].sort((one, other) => compareText(one.feature, other.feature)).map(toWire);
}

/** Sorted, so that every source gives the same order. */
export function holdersOf(holders: Published['holders']): Holders {
  return { repository: sorted(holders.repository), customer: sorted(holders.customer) };
}

function sorted(names: ReadonlyMap<string, readonly string[]>): Record<string, string[]> {
  const entries = [...names].map(([name, ids]): [string, string[]] => [name, [...ids].sort()]);
  return Object.fromEntries(entries.sort(([one], [other]) => compareText(one, other)));
}
