const asked = process.env.ROLLOUT_TEST_RUNS ?? 'usual';
if (asked !== 'usual' && asked !== 'long')
  throw new Error(`ROLLOUT_TEST_RUNS is ${asked}; it can be usual or long`);

/**
 * How many generated cases or simulated lives a test takes: the usual number among all tests, the long one with
 * `ROLLOUT_TEST_RUNS=long`, as the nightly workflow sets it.
 */
export function runs(usual: number, long: number): number {
  return asked === 'long' ? long : usual;
}
