import type { Step } from './step.ts';

/**
 * The shortest sequence that still goes wrong: first halves are left out, then quarters, down to single steps (ddmin,
 * Zeller and Hildebrandt 2002), as long as there is time.
 */
export async function shortest(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
  milliseconds: number,
): Promise<readonly Step[]> {
  const deadline = performance.now() + milliseconds;
  let best = steps;
  for (let size = Math.ceil(best.length / 2); size >= 1; ) {
    let shorter = false;
    for (let from = 0; from < best.length && performance.now() < deadline; ) {
      const without = [...best.slice(0, from), ...best.slice(from + size)];
      if (without.length < best.length && (await fails(without))) {
        best = without;
        shorter = true;
      } else {
        from += size;
      }
    }
    if (performance.now() >= deadline) break;
    if (size > 1) size = Math.ceil(size / 2);
    else if (!shorter) break;
  }
  return best;
}
