import Table from 'cli-table3';
import { bandLives } from '../helpers/reports/band-lives.ts';

// How often the band of the difference leaves out the truth at any time of a life, beside a 95% band for one look.
const head = ['looks', 'lives', 'missed at any time', 'one-look band', 'mean width at the end'];
const table = new Table({ head, style: { head: [], border: [] } });
for (const slots of [50, 200]) {
  const { lives, missed, missedByOneLook, width } = bandLives({ lives: 2_000, slots, seed: 1 });
  const share = (count: number) => `${((100 * count) / lives).toFixed(2)}%`;
  table.push([slots, lives, share(missed), share(missedByOneLook), `${width.toFixed(1)} points`]);
  if (missed > 0.05 * lives) process.exitCode = 1;
}
console.log(`${table}\n`);
