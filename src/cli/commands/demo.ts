import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDemo } from '../../compose/demo.ts';
import { seededRandom } from '../../lib/random.ts';
import { tellBeginning } from '../demo/beginning.ts';
import { SEED } from '../demo/data.ts';
import { tellEnding } from '../demo/ending.ts';
import { tellHealth } from '../demo/health.ts';
import type { Stage } from '../demo/stage.ts';
import { type CommonOptions, type DefineCommand, run } from '../terminal/command.ts';

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout demo', async (_options: CommonOptions) => {
    const folder = await mkdtemp(join(tmpdir(), 'rollout-demo-'));
    const file = join(folder, 'rollout.yaml');
    try {
      // As root, the server runs as another user, who must be able to enter the folder. The data itself stays
      // private.
      await chmod(folder, 0o755);
      terminal.say(`A PostgreSQL of its own is started in ${folder}.`);
      const controller = await openDemo(folder, file, terminal.note);
      const stage: Stage = {
        terminal,
        controller,
        random: seededRandom(SEED),
        read: () => readFile(file, 'utf8'),
      };
      try {
        await tellBeginning(stage);
        await tellHealth(stage);
        return await tellEnding(stage);
      } finally {
        await controller.close();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
};
