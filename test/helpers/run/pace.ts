import { createHash } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';

/** Milliseconds that `work` takes on one idle core of the machine on which the limits were chosen. */
const REFERENCE_MS = 60;

/**
 * How many times as long as usual things may take on this machine: 1 where it is fast and idle, at most 12.
 * Measured once a run, where Vitest reads its configuration; the workers inherit it by the environment.
 */
export const pace = Number(process.env.TEST_PACE ?? measured());
process.env.TEST_PACE = String(pace);

/** A limit in milliseconds that only a hang reaches, on a slow or busy machine too. */
export function patience(milliseconds: number): number {
  return Math.round(milliseconds * pace);
}

function measured(): number {
  duration(); // the first one compiles
  const [, middle = 0] = [duration(), duration(), duration()].sort((a, b) => a - b);
  const work = middle / REFERENCE_MS;
  // Work that has just begun gets a whole core although a queue waits for it; Windows knows no load and says 0.
  const queue = (loadavg()[0] ?? 0) / availableParallelism();
  return Math.min(Math.max(1, work, queue), 12);
}

function duration(): number {
  const began = performance.now();
  let digest = Buffer.alloc(32);
  for (let n = 0; n < 40_000; n++) digest = createHash('sha256').update(digest).digest();
  return performance.now() - began;
}
