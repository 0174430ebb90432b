/** A source of randomness: uniform numbers from 0 up to, not including, 1. */
export type Random = () => number;

/** Returns a repeatable source: mulberry32 (Tommy Ettinger), 32 bits of state. For simulation, not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Mean from which on the normal approximation replaces the exact count; its error is far below 1%. */
const LARGE_MEAN = 500;

/** Draws a Poisson count: exact by Knuth's product of uniforms for small means, normal for large ones. */
export function poisson(random: Random, mean: number): number {
  if (mean >= LARGE_MEAN) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > floor; product *= random()) count++;
  return count;
}

/** Draws a standard normal number by Box and Muller. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
