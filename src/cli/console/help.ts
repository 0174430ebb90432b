import type { Style } from '../../report/style/style.ts';
import { table } from '../../report/style/table.ts';
import type { Operations } from './operations.ts';

/** Every operation, as it is typed, with its description. */
const LINES: Readonly<Record<keyof Operations, readonly [string, string]>> = {
  status: ['status()', 'every feature in a line'],
  stats: ['stats()', 'who is in, how it fares, and the last day in bars'],
  categories: ['categories()', 'the registry by category'],
  checkHealth: ['checkHealth()', 'judge now and show the arithmetic; acts on nothing'],
  setRollout: ['setRollout(n)', 'put n% into rollout.yaml'],
  emergencyStop: ['emergencyStop(reason)', 'stop it at once'],
  resume: ['resume(reason, n)', 'let it be raised again after a stop or a rollback, to n%'],
  allow: ['allow(reason)', 'let its entry of rollout.yaml through that the policy refused'],
  categorizeAll: ['categorizeAll()', 'categorise every repository again'],
  markAsTest: ['markAsTest(id)', 'mark a repository as test (the first to get a feature)'],
  unmarkAsTest: ['unmarkAsTest(id)', 'give it the category of its size again'],
  addToWhitelist: ['addToWhitelist([ids])', 'who is always in'],
  removeFromWhitelist: ['removeFromWhitelist([ids])', 'who no longer is'],
  showWhitelist: ['showWhitelist()', 'who is always in now'],
  enableAutoRollback: ['enableAutoRollback()', 'let the controller roll it back by itself'],
  disableAutoRollback: ['disableAutoRollback()', 'leave that to people'],
  rollbackToPercentage: ['rollbackToPercentage(n)', 'lower it to n% at once, then in rollout.yaml'],
  rollbackToZero: ['rollbackToZero()', 'off for everyone at once, the whitelist included'],
};

export function helpText(style: Style, feature: string): string {
  const rows = [...Object.values(LINES), ['help()', 'this']].map(([call = '', does = '']) => [
    `rollout.${call}`,
    does,
  ]);
  return [
    `about ${style.bold(feature)}; commands that raise exposure ask first, and those that need a reason ask for it`,
    table(style, ['call', 'does'], rows),
    style.dim('values have fields: const s = await rollout.status(); s.features[0].eligible'),
    style.dim('end with .exit'),
  ].join('\n');
}
