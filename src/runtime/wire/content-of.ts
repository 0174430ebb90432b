import { compareText } from '../../lib/text.ts';
import { toWire, type WireFeature } from './newer.ts';
import type { Published } from './source.ts';
import { type Holders, WIRE_VERSION, type WireContent } from './wire.ts';

/** The content as it is written. */
export type WrittenContent = Omit<WireContent, 'features'> & { features: WireFeature[] };

/** Snapshot of a library in wire form. */
export function contentOf({ state, features, holders }: Published): WrittenContent {
  return {
    version: WIRE_VERSION,
    environment: state.environment,
    global_stop: state.global_stop,
    holders: holdersOf(holders),
    features: writtenFeatures(features),
  };
}

/** By key. */
export function writtenFeatures(features: Published['features']): WireFeature[] {
  return [...features].sort((one, other) => compareText(one.feature, other.feature)).map(toWire);
}

/** In one order, wherever it was read. */
export function holdersOf(holders: Published['holders']): Holders {
  return { repository: sorted(holders.repository), customer: sorted(holders.customer) };
}

function sorted(names: ReadonlyMap<string, readonly string[]>): Record<string, string[]> {
  const entries = [...names].map(([name, ids]): [string, string[]] => [name, [...ids].sort()]);
  return Object.fromEntries(entries.sort(([one], [other]) => compareText(one, other)));
}
