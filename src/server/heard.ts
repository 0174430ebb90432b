import { ago } from '../report/words.ts';
import type { ServerDependencies } from './dependencies.ts';

/**
 * Passes on what the library hears of the database: to who watches, by `tell`, with the features or `*`, and to the
 * log where a person is needed. Returns how to end that.
 */
export function passOn(
  { rollout, log, now }: Pick<ServerDependencies, 'rollout' | 'log' | 'now'>,
  tell: (features: readonly string[]) => void,
): () => void {
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
    rollout.on('controller_stale', ({ heartbeatAt }) => {
      log(`the last tick was ${ago(heartbeatAt, now())} ago: nothing is judged or taken back meanwhile`);
      tell(['*']);
    }),
  ];
  return () => {
    for (const end of endings) end();
  };
}
