import { normal, seededRandom } from '../../lib/random.ts';

const OWNERS = [
  'acme',
  'globex',
  'initech',
  'umbrella',
  'hooli',
  'stark',
  'wayne',
  'wonka',
  'tyrell',
  'cyberdyne',
];
const NAMES = [
  'api',
  'web',
  'cli',
  'docs',
  'infra',
  'sdk',
  'billing',
  'search',
  'mobile',
  'data',
  'auth',
  'worker',
];

/** Half of the repositories have fewer stars than this; a few have a thousand times as many. */
const MEDIAN_STARS = 60;
const SPREAD = 2.4;
/** Share of repositories that are experiments of one or two people. */
const EXPERIMENTS = 0.125;

export const REPOSITORIES = 1_250;
export const SEED = 42;

/** Sandboxes of the story's company, which are named in its file. */
export const SANDBOXES = ['acme/sandbox', 'acme/playground', 'acme/canary', 'acme/staging', 'acme/example'];

/** Yields invented repositories as CSV, with a realistic distribution of sizes; equal for equal seeds. */
export function* demoRepositories(amount: number, seed: number): Generator<string> {
  const random = seededRandom(seed);
  yield 'full_name,star_count,contributor_count,pr_count\n';
  for (const name of SANDBOXES) yield `${name},3,2,40\n`;
  for (let index = SANDBOXES.length; index < amount; index++) {
    const owner = OWNERS[Math.floor(random() * OWNERS.length)];
    const name = `${NAMES[Math.floor(random() * NAMES.length)]}-${index}`;
    if (random() < EXPERIMENTS) {
      yield `${owner}/${name},0,${1 + Math.floor(random() * 2)},${Math.floor(random() * 10)}\n`;
      continue;
    }
    const stars = Math.round(MEDIAN_STARS * Math.exp(SPREAD * normal(random)));
    const contributors = 1 + Math.round(stars ** 0.5 * (0.5 + random()));
    const prs = Math.round(contributors * 20 * Math.exp(normal(random)));
    yield `${owner}/${name},${stars},${contributors},${prs}\n`;
  }
}

/** The first file of the story. */
export const DEMO_FILE = `version: 1
environment: demo

# Our own sandboxes see a feature first.
test_repositories: [${SANDBOXES.join(', ')}]

features:
  new_checkout:
    description: Route capture jobs to the new processor
    owner: "@acme/data"
    percentage: 10             # changed by pull request, or by the controller
    whitelist: [acme/sandbox]  # in at 0% too
    thresholds:
      max_error_rate: 5        # percent of jobs
    steps:
      - { percentage: 10, soak: 24h }
      - { percentage: 25, soak: 48h }
      - { percentage: 100 }
    advance: commit            # healthy for the whole soak: go on
`;
