import { tick } from '../../../src/app/tick/tick.ts';
import { receiversOf } from '../../../src/compose/environment/receivers.ts';
import type { TickResult } from '../../../src/domain/change/round.ts';
import type { Limits, Surroundings } from '../../../src/github/api/surroundings.ts';
import { type Github, openGithub } from '../../../src/github/repository.ts';
import type { IncidentEntry } from '../../../src/store/incidents/incidents.ts';
import type { Traffic } from '../data/traffic.ts';
import { type FakeGithub, type FakeRepository, fakeGithub } from '../github/index.ts';
import { patience } from '../run/pace.ts';
import { type Project, project } from './project.ts';
import { knownTimes, recordWithoutFuse, tickFile } from './tick-world.ts';

/** A second of GitHub's is a millisecond here. */
export const QUICK: Limits = { request: patience(20_000), call: patience(50_000), second: 1 };

/** For a socket that hangs: it is given up soon. */
export const IMPATIENT: Limits = { request: patience(1_500), call: patience(3_000), second: 1 };

export const UNHURRIED: Surroundings = { now: Date.now, sleep: async () => {}, random: () => 0.5 };

export interface RoomOptions {
  token?: string;
  enterprise?: boolean;
  limits?: Limits;
  surroundings?: Partial<Surroundings>;
  path?: string;
}

/** The room, opened onto the fake as a run would. */
export function roomOn(github: FakeGithub, name: string, options: RoomOptions = {}): Github {
  const { enterprise = false, limits = QUICK, surroundings = {}, path = 'rollout.yaml' } = options;
  const given = options.token === undefined ? { enterprise } : { enterprise, token: options.token };
  const environment = github.environment(name, given);
  const [owner = '', repo = ''] = name.split('/');
  const address = {
    ...{ api: environment.GITHUB_API_URL, graphql: environment.GITHUB_GRAPHQL_URL },
    ...{ server: environment.GITHUB_SERVER_URL, owner, repo, token: environment.GITHUB_TOKEN },
  };
  return openGithub({ address, path, defaultBranch: null }, { ...UNHURRIED, ...surroundings }, limits);
}

/** A controller whose file lives on the fake GitHub, with a database of its own. */
export interface GithubWorld extends Project {
  github: FakeGithub;
  shop: FakeRepository;
  /** One run of the scheduled controller, with a room of its own. */
  tick(options?: RoomOptions): Promise<TickResult>;
  /** Records outcomes. */
  record(feature: string, ...parts: Traffic[]): Promise<void>;
  incidents(feature?: string): Promise<IncidentEntry[]>;
  /** `one open pending` */
  states(): Promise<string[]>;
  /** Is a feature live in the database? */
  live(feature: string): Promise<boolean>;
}

export const HARM: Traffic = { jobs: 20, errors: 15 };

let ticks = 0;

/** A file on GitHub, reconciled. */
export async function githubWorld(
  features: Record<string, object> | string,
  others: Record<string, string> = {},
): Promise<GithubWorld> {
  const text = typeof features === 'string' ? features : tickFile(features);
  const github = await fakeGithub();
  const shop = await github.repository('acme/shop', {
    files: { 'rollout.yaml': text, 'README.md': '# Shop\n', ...others },
  });
  const inner = await project();
  const { db, controller } = inner;
  const token = github.token();
  const incidents = (feature?: string) =>
    controller.store.reading((read) => read.incidents.list({ feature }));
  const world: GithubWorld = {
    ...inner,
    ...{ github, shop, incidents },
    tick: (options = {}) => {
      ticks += 1;
      const room = roomOn(github, 'acme/shop', { token, ...options });
      const places = {
        repository: room.configuration,
        tracker: room.incidents,
        deployments: room.deployments,
      };
      return tick(
        { ...controller, ...places, receivers: receiversOf({}), print: () => {} },
        { actor: 'ticker', environment: {}, holder: `github tick ${ticks}` },
      );
    },
    record: (feature, ...parts) => recordWithoutFuse(db, feature, ...parts),
    states: async () =>
      (await incidents()).map(({ feature, state, write_back }) => `${feature} ${state} ${write_back}`),
    live: async (feature) => {
      const sql =
        'select is_active and not emergency_stop as live from rollout_configuration where feature_name = $1';
      return (await db.rows<{ live: boolean }>(sql, [feature]))[0]?.live ?? false;
    },
  };
  await world.tick();
  await knownTimes(db);
  github.requests.length = 0;
  return world;
}
