import type { ReceiverProblem } from '../../domain/notify/route.ts';
import type { ShownRoute, ShownRouting } from '../../domain/notify/routing.ts';
import type { Style } from '../style/style.ts';
import { table } from '../style/table.ts';

/** Formats the active routes, and the receivers of the message in question. */
export function routesText(style: Style, routing: ShownRouting): string {
  const { feature, owner, severity, routes, receivers, sent } = routing;
  const about = feature === null ? 'the controller' : `${feature}${owner === null ? '' : ` (${owner})`}`;
  const who = receivers.length === 0 ? 'nobody; the tick prints it' : receivers.join(', ');
  const lines = [`A ${severity} message about ${about} goes to: ${who}`];
  if (routes.length === 0) lines.unshift('The file that was reconciled last has no routes (notify).');
  else lines.unshift(table(style, HEAD, routes.map(cellsOf)), '');
  for (const { receiver, error } of sent ?? []) {
    lines.push(error === null ? `sent to ${receiver}` : style.bad(`not sent to ${receiver}: ${error}`));
  }
  return lines.join('\n');
}

const HEAD = ['receiver', 'to', 'from', 'owners', 'features', 'takes it', 'here'];

const PROBLEMS: Readonly<Record<ReceiverProblem, string>> = { unset: 'is not set', not_url: 'is not a URL' };

function cellsOf({ receiver, to, severity, owners, features, takes, problem }: ShownRoute): string[] {
  const here = problem === null ? 'set' : `${problem.variable} ${PROBLEMS[problem.code]}`;
  const who = owners?.join(', ') ?? 'any';
  return [receiver, to, severity, who, features?.join(', ') ?? 'any', takes ? 'yes' : 'no', here];
}
