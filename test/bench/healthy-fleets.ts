import Table from 'cli-table3';
import { bursts } from '../../src/domain/fleet/bursts.ts';
import { type FailureRate, type Fleet, type FleetJob, steady } from '../../src/domain/fleet/job.ts';
import {
  drawPopulation,
  jobsOf,
  type Population,
  ratesOfSubjects,
} from '../../src/domain/fleet/population.ts';
import { normal, type Random } from '../../src/lib/random.ts';
import { namedIn } from './lone-subjects.ts';
import { wilson } from './wilson.ts';

const HOUR = 3600;
const UNTIL = 48 * HOUR;
/** What all jobs of a fleet fail together. */
const MEAN = 0.045;
/** Nobody is named who fails no more than this by nature: what is tolerated of one subject. */
const HEALTHY = 0.2;

interface World {
  name: string;
  /** How unequal subjects are in their number of jobs; `zipf`: the n-th has a share of 1/n. */
  activity: 'spread' | 'zipf';
  /** Jobs of one burst and their correlation; null: each job is drawn for itself. */
  burst: { size: number; correlation: number } | null;
  /** When and how much each subject fails, and how much in the long run. */
  rates: (
    population: Population,
    random: Random,
  ) => { rate: FailureRate; nature: (subject: number) => number };
}

const alike: World['rates'] = () => ({ rate: steady(MEAN), nature: () => MEAN });

const different: World['rates'] = (population, random) => {
  const rate = ratesOfSubjects(population, MEAN, 0.1, random);
  return { rate, nature: (subject) => rate(0, subject) };
};

/** What each subject fails for ever, as shares that are scaled to the mean of all jobs. */
function fixed(draw: (random: Random) => number): World['rates'] {
  return ({ activity }, random) => {
    const raw = activity.map(() => draw(random));
    const mean = raw.reduce((sum, each, place) => sum + each * (activity[place] ?? 0), 0);
    const shares = raw.map((each) => Math.min(1, (each * MEAN) / mean));
    const nature = (subject: number) => shares[subject] ?? MEAN;
    return { rate: (_at, subject) => nature(subject), nature };
  };
}

/** Half of a subject's jobs fail in its bad times, which last ten minutes on average, and 2% else. */
const badTimes: World['rates'] = ({ activity }, random) => {
  const [good, bad] = [0.02, 0.5];
  const share = (MEAN - good) / (bad - good);
  const lasting = { bad: 600, good: (600 * (1 - share)) / share };
  /** The moments at which each subject turns, bad first. */
  const turns = activity.map(() => {
    const found: number[] = [];
    for (
      let at = 0, next: keyof typeof lasting = 'good';
      at < UNTIL;
      next = next === 'good' ? 'bad' : 'good'
    ) {
      at += -Math.log(1 - random()) * lasting[next];
      found.push(at);
    }
    return found;
  });
  const passed = activity.map(() => 0);
  // Jobs come in the order of time.
  const rate: FailureRate = (at, subject) => {
    const own = turns[subject] ?? [];
    let place = passed[subject] ?? 0;
    while ((own[place] ?? Infinity) <= at) place += 1;
    passed[subject] = place;
    return place % 2 === 1 ? bad : good;
  };
  return { rate, nature: () => MEAN };
};

/** The worlds on which the constants of a lone subject were set. */
export const OF_THE_CONSTANTS: readonly World[] = [
  { name: 'subjects alike', activity: 'spread', burst: null, rates: alike },
  { name: 'subjects differ (0.1)', activity: 'spread', burst: null, rates: different },
  { name: 'bursts of 20 (0.3)', activity: 'spread', burst: { size: 20, correlation: 0.3 }, rates: alike },
  { name: 'both', activity: 'spread', burst: { size: 20, correlation: 0.3 }, rates: different },
];

/** Worlds that nobody looked at when the constants were set. */
export const OTHERS: readonly World[] = [
  {
    ...{ name: 'odds log-normal (1.5)', activity: 'spread', burst: null },
    rates: fixed((random) => Math.exp(1.5 * normal(random))),
  },
  {
    ...{ name: 'a tenth fails a fifth', activity: 'spread', burst: null },
    rates: ({ activity }, random) => {
      const shares = activity.map(() => (random() < 0.1 ? HEALTHY : 0.028));
      const nature = (subject: number) => shares[subject] ?? 0.028;
      return { rate: (_at, subject) => nature(subject), nature };
    },
  },
  { name: 'bad times of ten minutes', activity: 'spread', burst: null, rates: badTimes },
  { name: 'busy few (1/n), differ (0.1)', activity: 'zipf', burst: null, rates: different },
  {
    name: 'bursts of 50 (0.3), differ (0.1)',
    activity: 'zipf',
    burst: { size: 50, correlation: 0.3 },
    rates: different,
  },
];

/** Jobs in bursts, each of a subject of the population, drawn by its activity. */
function* inBursts(
  { activity }: Population,
  options: { jobsPerHour: number; until: number; rate: FailureRate; size: number; correlation: number },
  random: Random,
): Generator<FleetJob> {
  const subjects = new Map<number, number>();
  const of = (burst: number) => {
    const known = subjects.get(burst);
    if (known !== undefined) return known;
    let left = random();
    const drawn = activity.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    subjects.set(burst, Math.max(0, drawn));
    return Math.max(0, drawn);
  };
  const { rate } = options;
  const fleet = bursts({ ...options, rate: (at, burst) => rate(at, of(burst)) }, random);
  for (const job of fleet) yield { ...job, subject: of(job.subject) };
}

function populationOf({ activity }: World, subjects: number, random: Random): Population {
  if (activity === 'spread')
    return drawPopulation({ subjects, treated: subjects, activitySpread: 1 }, random);
  const raw = Array.from({ length: subjects }, (_, place) => 1 / (place + 1));
  const sum = raw.reduce((total, each) => total + each, 0);
  return { treated: subjects, activity: raw.map((each) => each / sum) };
}

/** How often somebody is named in healthy fleets, looked at after every failure. */
export function healthyFleets(worlds: readonly World[], lives: number, random: Random): string {
  const printed = new Table({
    head: ['4.5% for 48 h', 'subjects', 'jobs/h', 'lives with a healthy one named', 'with any one named'],
    style: { head: [], border: [] },
  });
  const all = { of: 0, healthy: 0, any: 0 };
  for (const world of worlds) {
    for (const subjects of [5, 90])
      for (const jobsPerHour of [20, 200, 2_000]) {
        const of = Math.max(5, Math.ceil(jobsPerHour > 500 ? lives / 10 : lives));
        const counts = { healthy: 0, any: 0 };
        for (let life = 0; life < of; life++) {
          const population = populationOf(world, subjects, random);
          const { rate, nature } = world.rates(population, random);
          const options = { jobsPerHour, until: UNTIL, rate };
          const fleet: Fleet = world.burst
            ? inBursts(population, { ...options, ...world.burst }, random)
            : jobsOf(population, options, random);
          const named = namedIn(fleet);
          if (named.size > 0) counts.any += 1;
          if ([...named.keys()].some((subject) => nature(subject) <= HEALTHY)) counts.healthy += 1;
        }
        all.of += of;
        all.healthy += counts.healthy;
        all.any += counts.any;
        printed.push([world.name, subjects, jobsPerHour, wilson(counts.healthy, of), wilson(counts.any, of)]);
      }
  }
  printed.push(['all', '', '', wilson(all.healthy, all.of), wilson(all.any, all.of)]);
  return printed.toString();
}
