import { MESSAGE_FIELDS, unknownFields } from '../../domain/notify/route.ts';
import { oneOf, quoted } from '../../lib/text.ts';
import { error, type FeatureView, warning } from '../base/finding.ts';
import { nearest } from '../base/nearest.ts';
import type { Finding, Path } from '../base/problems.ts';
import type { RolloutFile, RouteEntry } from '../base/schema-types.ts';

/** Checks routes of notifications: each has what its receiver needs, and names existing owners and features. */
export function* notifyRules(file: RolloutFile, features: readonly FeatureView[]): Generator<Finding> {
  const keys = features.map(({ key }) => key);
  const owners = [...new Set(features.flatMap(({ spec }) => spec.owner ?? []))];
  const addresses = new Set((file.notify ?? []).flatMap(({ url_from }) => url_from ?? []));
  for (const [i, route] of (file.notify ?? []).entries()) {
    const path: Path = ['notify', i];
    yield* address(path, i, route);
    yield* token(path, i, route, addresses);
    yield* template(path, i, route);
    yield* unmatched(
      [...path, 'features'],
      `notify[${i}].features`,
      'a feature of the file',
      route.features,
      keys,
    );
    yield* unmatched(
      [...path, 'owners'],
      `notify[${i}].owners`,
      'the owner of a feature',
      route.owners,
      owners,
    );
  }
}

function* address(path: Path, i: number, { to, url_from, token_from }: RouteEntry): Generator<Finding> {
  const place = [...path, 'to'];
  if (to === 'pagerduty' && token_from === undefined) {
    const needed = 'name the environment variable with the routing key, such as ROLLOUT_NOTIFY_PAGERDUTY_KEY';
    yield error(place, `notify[${i}].token_from is missing; ${needed}`);
  }
  if (to !== 'pagerduty' && url_from === undefined) {
    const needed =
      "name the environment variable with the receiver's address, such as ROLLOUT_NOTIFY_PAYMENTS";
    yield error(place, `notify[${i}].url_from is missing; ${needed}`);
  }
}

/**
 * Otherwise the address, which is a secret, would be sent as a token to another receiver, and both would have the same
 * name.
 */
function* token(path: Path, i: number, { token_from }: RouteEntry, addresses: ReadonlySet<string>) {
  if (token_from === undefined || !addresses.has(token_from)) return;
  const place = `notify[${i}].token_from`;
  yield error(
    [...path, 'token_from'],
    `${place} is ${token_from}, which is an address (url_from); name another variable`,
  );
}

function* template(path: Path, i: number, { to, template }: RouteEntry): Generator<Finding> {
  const name = `notify[${i}].template`;
  if (template === undefined) {
    if (to !== 'template') return;
    yield error([...path, 'to'], `${name} is missing; write JSON such as '{"text": "{{message}}"}'`);
    return;
  }
  const place = [...path, 'template'];
  if (to !== 'template') {
    yield error(place, `${name} has no effect with to: ${to}; use to: template`);
    return;
  }
  if (!isJson(template))
    yield error(place, `${name} is not JSON; write '{"text": "{{message}}"}' or the like`);
  const [unknown] = unknownFields(template);
  if (unknown === undefined) return;
  yield error(place, `${name} names {{${unknown}}}, which no message has; use ${oneOf(MESSAGE_FIELDS)}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A name that does not exist matches no message. Only a warning, because removing a feature elsewhere must not break
 * the file.
 */
function* unmatched(
  path: Path,
  place: string,
  what: string,
  names: readonly string[] | undefined,
  known: readonly string[],
): Generator<Finding> {
  for (const [i, name] of (names ?? []).entries()) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    const advice = meant === null ? '' : `; did you mean ${quoted(meant)}?`;
    yield warning([...path, i], `${place}[${i}] is ${quoted(name)}, which is not ${what}${advice}`);
  }
}
