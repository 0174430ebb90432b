import { describe, expect, it } from 'vitest';
import { RepositoryCategorizationManager } from '../../../src/managers/hybrid/categorization.ts';
import { HybridRolloutManager } from '../../../src/managers/hybrid/hybrid-manager.ts';
import { PilotRolloutManager } from '../../../src/managers/pilot/pilot-manager.ts';

const KINDS = { HybridRolloutManager, RepositoryCategorizationManager, PilotRolloutManager };
type Kind = keyof typeof KINDS;

/** Without a database: a wrong argument is refused before anything is opened. */
function managerOf(kind: Kind) {
  const said: string[] = [];
  const manager = new KINDS[kind]({
    ...{ connectionString: 'postgres://nobody@127.0.0.1:1/none', file: null, environment: {} },
    log: (line: string) => said.push(line),
  });
  return { said, call: manager as unknown as Record<string, (...args: unknown[]) => Promise<unknown>> };
}

/** Of each public method: arguments it refuses, and what the message names. */
const REFUSED: Record<Kind, Record<string, [args: unknown[], words: RegExp][]>> = {
  HybridRolloutManager: {
    isRepositoryEligible: [
      [[], /repositoryId is missing/],
      [[7], /repositoryId is 7/],
      [['r1', 'r2'], /argument 2: "r2"/],
    ],
    getRolloutConfiguration: [[['pilot'], /argument 1: "pilot"/]],
    updateRolloutPercentage: [
      [[], /percentage is missing/],
      [['50'], /percentage is "50"/],
      [[-1], /percentage is -1/],
      [[101], /percentage is 101/],
      [[Number.NaN], /percentage is NaN/],
      [[1.234], /percentage is 1.234/],
      [[{ percentage: 50 }], /percentage is an object/],
      [[50, ''], /triggeredBy is ""/],
      [[50, 'ada', 7], /reason is 7/],
      [[50, 'ada', 'a healthy week', 'more'], /argument 4: "more"/],
    ],
    rollbackToZero: [
      [[0], /reason is 0/],
      [['it fails', 7], /triggeredBy is 7/],
    ],
    emergencyStop: [
      [[7], /reason is 7/],
      [['now', {}], /triggeredBy is an object/],
    ],
    getRolloutStats: [[['pilot'], /argument 1/]],
    categorizeRepository: [[[''], /repositoryId is ""/]],
    addToWhitelist: [
      [[], /repositoryIds is missing/],
      [[['r1', 7]], /repositoryIds\[1\] is 7/],
      [[['r1'], ['r2']], /reason is a list/],
    ],
    removeFromWhitelist: [[[' r1'], /repositoryIds is " r1"/]],
    checkAndTriggerAutoRollback: [[['pilot'], /argument 1/]],
    recordMetrics: [
      [['r1', 'inngest'], /success is missing/],
      [['r1', 'inngest', 'true'], /success is "true"/],
      [['r1', '', true], /processorType is ""/],
      [['r1\ud800', 'inngest', true], /repositoryId is "r1\\u\{d800\}"/],
    ],
  },
  RepositoryCategorizationManager: {
    categorizeAll: [[['r1'], /argument 1/]],
    getCategoryStats: [[['test'], /argument 1/]],
    categorizeRepository: [[[], /repositoryId is missing/]],
    getRepositoriesByCategory: [
      [['tiny'], /category is "tiny"/],
      [['test', 0], /limit is 0/],
    ],
    markAsTestRepository: [[[['r1', 'r2']], /repositoryId is a list/]],
    unmarkAsTestRepository: [[['r1', 5], /reason is 5/]],
    getTestRepositories: [[['10'], /limit is "10"/]],
    getRolloutReadyRepositories: [[[1.5], /limit is 1.5/]],
  },
  PilotRolloutManager: {
    createRollout: [
      [['editor', {}], /argument 2/],
      [['editor'], /pilot is "editor"/],
      [[{}], /pilot.featureName is missing/],
      [[{ featureName: 'editor', whitelist: ['c1'] }], /unknown field "whitelist"/],
      [[{ featureName: 'editor', whitelistedCustomers: 'c1' }], /whitelistedCustomers is "c1"/],
      [[{ featureName: 'editor', rollbackThreshold: { errorRate: 5 } }], /rollbackThreshold.errorRate is 5/],
      [[{ featureName: 'editor', rollbackThreshold: { errorRate: 0.00001 } }], /errorRate is 0.00001/],
      [
        [{ featureName: 'editor', rollbackThreshold: { timeWindow: 0 } }],
        /rollbackThreshold.timeWindow is 0/,
      ],
    ],
    startRollout: [
      [[{ featureName: 'editor' }], /featureName is an object/],
      [['editor', 'tier_3_general'], /start is "tier_3_general"/],
      [['editor', { tier: 'tier_0_disabled' }], /start.tier is "tier_0_disabled"/],
    ],
    shouldEnableFeature: [
      [['editor'], /customerId is missing/],
      [[{ featureName: 'editor', customerId: 'c1' }], /featureName is an object/],
    ],
    advanceRollout: [
      [['editor', true], /advance is true/],
      [['editor', { forced: true }], /unknown field "forced"/],
    ],
    recordEvent: [
      [['editor', 'c1', 'error'], /argument 2: "c1"/],
      [[{ featureName: 'editor', customerId: 'c1', event: 'exploded' }], /event.event is "exploded"/],
      [[{ featureName: 'editor', event: 'error' }], /event.customerId is missing/],
      [[{ feature: 'editor', customerId: 'c1', event: 'error' }], /unknown field "feature"/],
    ],
    getRolloutStats: [[[], /featureName is missing/]],
    getRolloutConfig: [[[undefined], /featureName is missing/]],
    rollbackFeature: [
      [[{ featureName: 'editor', reason: 'it fails' }], /featureName is an object/],
      [['editor', { reason: 'it fails' }], /reason is an object/],
    ],
  },
};

/** They answer or log, because a job or a request must go on whatever happens here. */
const LOGGED = ['isRepositoryEligible', 'recordMetrics', 'shouldEnableFeature', 'recordEvent'];

describe.each(Object.keys(KINDS) as Kind[])('the arguments of %s', (kind) => {
  it('every public method of the managers is in the table of refused arguments', () => {
    const methods = Object.getOwnPropertyNames(KINDS[kind].prototype);
    const expected = methods.filter((name) => name !== 'constructor' && name !== 'close');
    expect(Object.keys(REFUSED[kind]).sort()).toEqual(expected.sort());
  });

  const cases = Object.entries(REFUSED[kind]).flatMap(([method, refused]) =>
    refused.map(([args, words]) => ({ method, args, words })),
  );
  it.each(cases)('$method refuses $args and names what is wrong', async ({ method, args, words }) => {
    const { call, said } = managerOf(kind);
    if (LOGGED.includes(method)) {
      expect([undefined, false]).toContain(await call[method]?.(...args));
      expect(said).toEqual([expect.stringMatching(words)]);
    } else {
      await expect(call[method]?.(...args)).rejects.toMatchObject({
        ...{ code: 'usage', message: expect.stringMatching(words), hint: expect.any(String) },
      });
    }
  });
});

describe('the constructors of the managers', () => {
  it('HybridRolloutManager manages the feature that it is given, alone or with options', () => {
    expect(new HybridRolloutManager().feature).toBe('hybrid_progressive_capture');
    expect(new HybridRolloutManager('pilot').feature).toBe('pilot');
    expect(new HybridRolloutManager('pilot', { file: null }).feature).toBe('pilot');
    expect(new HybridRolloutManager({ file: null, feature: 'pilot' }).feature).toBe('pilot');
    expect(new HybridRolloutManager({ file: null }).feature).toBe('hybrid_progressive_capture');
  });

  it.each([
    ['a number', [7], /feature is 7/],
    ['null', [null], /feature is null/],
    ['an empty name', [''], /feature is ""/],
    ['a misspelled option', [{ featureName: 'pilot' }], /unknown field "featureName"/],
    ['a feature twice', ['pilot', { feature: 'other' }], /unknown field "feature"/],
    ['options first and a feature then', [{ file: null }, 'pilot'], /argument 2: "pilot"/],
    ['a log that cannot be called', [{ log: 'console' }], /options.log is "console"/],
  ])('HybridRolloutManager refuses %s instead of managing another feature', (_what, args, words) => {
    const Manager = HybridRolloutManager as unknown as new (...given: unknown[]) => unknown;
    expect(() => new Manager(...args)).toThrow(words);
  });

  it('PilotRolloutManager and RepositoryCategorizationManager refuse an option that they do not know', () => {
    const unknown = { databaseUrl: 'postgres://nobody@127.0.0.1:1/none' } as object;
    for (const Manager of [PilotRolloutManager, RepositoryCategorizationManager]) {
      expect(() => new Manager(unknown)).toThrow(/unknown field "databaseUrl"/);
    }
  });
});
