import { type Arm, type Outcome, OutcomeSums } from '../../domain/evidence/outcomes.ts';
import { poisson, type Random } from '../../lib/random.ts';

export interface DemoSubject {
  id: string;
  category: string;
  arm: Arm;
}

export interface DemoTraffic {
  feature: string;
  epoch: number;
  subjects: readonly DemoSubject[];
  /** Length in hours, ending now. */
  hours: number;
  /** Jobs per hour in each arm. */
  jobsPerHour: number;
  /** Percentage of failed jobs in each arm. */
  errorRate: Record<'treatment' | 'control', number>;
  /** Milliseconds since 1970. */
  now: number;
}

const MINUTES = 5;
const PROCESSOR = { treatment: 'inngest', control: 'github_actions', fallback: 'inngest' } as const;
const MEAN_MS = { treatment: 1_800, control: 2_600, fallback: 2_600 } as const;

/** Returns jobs of eligible and other subjects with Poisson arrivals, as a program would have recorded them. */
export function demoTraffic(traffic: DemoTraffic, random: Random): OutcomeSums {
  const sums = new OutcomeSums();
  for (const arm of ['treatment', 'control'] as const) {
    const subjects = traffic.subjects.filter((subject) => subject.arm === arm);
    if (subjects.length === 0) continue;
    for (let minute = traffic.hours * 60; minute > 0; minute -= MINUTES) {
      const jobs = poisson(random, (traffic.jobsPerHour * MINUTES) / 60);
      for (let job = 0; job < jobs; job++) {
        const subject = subjects[Math.floor(random() * subjects.length)];
        const finished = traffic.now - (minute - random() * MINUTES) * 60_000;
        if (subject) sums.add(outcomeOf(traffic, subject, Math.floor(finished), random));
      }
    }
  }
  return sums;
}

function outcomeOf(traffic: DemoTraffic, subject: DemoSubject, finished_at: number, random: Random): Outcome {
  const arm = subject.arm === 'control' ? 'control' : 'treatment';
  const ok = random() * 100 >= traffic.errorRate[arm];
  return {
    feature: traffic.feature,
    subject: subject.id,
    processor: PROCESSOR[arm],
    arm,
    epoch: traffic.epoch,
    job_class: 'realtime',
    category: subject.category,
    ok,
    duration_ms: Math.round(MEAN_MS[arm] * (0.5 + random())),
    error: ok ? null : 'queue: connection refused',
    finished_at,
  };
}
