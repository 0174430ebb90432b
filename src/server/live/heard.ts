import type { ServerDependencies } from '../http/dependencies.ts';
import { alarm } from './alarm.ts';

/**
 * Passes on the library's events: to watchers by `tell`, with the features or `*`, and to the log if a person is
 * needed. Returns a function that ends this.
 */
export function passOn(
  deps: Pick<ServerDependencies, 'rollout' | 'store' | 'receivers' | 'log' | 'now'>,
  tell: (features: readonly string[]) => void,
): () => void {
  const { rollout, log } = deps;
  const endings = [
    rollout.on('change', ({ features }) => tell(features)),
    rollout.on('ready', () => {
      log('the database answers');
      tell(['*']);
    }),
    rollout.on('stale', ({ ageMs, expired }) => {
      const since = `the database has not answered for ${Math.round(ageMs / 1_000)} s`;
      log(
        expired
          ? `${since}: nobody is eligible any more`
          : `${since}: decisions go on from what was read last`,
      );
      tell(['*']);
    }),
    rollout.on('controller_stale', () => {
      tell(['*']);
      return alarm(deps);
    }),
  ];
  // May have been so before anybody listened.
  if (rollout.state().controllerStale) void alarm(deps);
  return () => {
    for (const end of endings) end();
  };
}
