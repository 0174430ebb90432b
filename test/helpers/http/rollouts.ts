import { afterAll } from 'vitest';
import { createRollout, type Rollout, type RolloutOptions } from '../../../src/runtime/index.ts';

const open: Rollout[] = [];

afterAll(async () => {
  await Promise.all(open.map((rollout) => rollout.close()));
});

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
  open.push(rollout);
  return rollout;
}

/** Everything that an event told, as it comes. */
export function told<K extends Parameters<Rollout['on']>[0]>(rollout: Rollout, event: K) {
  const all: Parameters<Parameters<typeof rollout.on<K>>[1]>[0][] = [];
  rollout.on(event, (about) => all.push(about));
  return all;
}
