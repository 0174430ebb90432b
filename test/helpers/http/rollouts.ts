import { createRollout, type Rollout, type RolloutOptions } from '../../../src/runtime/index.ts';
import { atEnd } from '../run/at-end.ts';

/** The library as an application has it, silent and without variables of this process; closed at the end of the file. */
export async function openRollout(options: RolloutOptions): Promise<Rollout> {
  const rollout = await createRollout({
    env: {},
    log: () => {},
    flushOnExit: false,
    closeMs: 5_000,
    startMs: 60_000,
    ...options,
  });
  atEnd(() => rollout.close());
  return rollout;
}

/** Everything that an event told, as it comes. */
export function told<K extends Parameters<Rollout['on']>[0]>(rollout: Rollout, event: K) {
  const all: Parameters<Parameters<typeof rollout.on<K>>[1]>[0][] = [];
  rollout.on(event, (about) => all.push(about));
  return all;
}
