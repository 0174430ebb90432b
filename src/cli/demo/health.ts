import { resumeFeature } from '../../app/operate/resume.ts';
import type { Arm, OutcomeSums } from '../../domain/evidence/outcomes.ts';
import { count } from '../../report/words/words.ts';
import { changedLines, chapter, FEATURE, reconcileAndTell, type Stage, tickAndTell } from './stage.ts';
import { type DemoSubject, demoTraffic } from './traffic.ts';

const JOBS_PER_HOUR = 40;
const NORMAL = { treatment: 1, control: 1 };
const BROKEN = { treatment: 40, control: 1 };

/** Second chapter: a healthy day, a broken processor, and the way back. */
export async function tellHealth(stage: Stage): Promise<void> {
  const { terminal } = stage;
  chapter(
    stage,
    '5. A day of traffic goes well: the soak is over, and the tick writes the next step into the file.',
  );
  await work(stage, 24, NORMAL);
  await changedLines(stage, async () => void (await tickAndTell(stage)));

  chapter(
    stage,
    '6. Another day, and the processor breaks. The flush that brings the failing jobs rolls the feature back, without a tick.',
  );
  await work(stage, 24, NORMAL);
  await breakDown(stage);
  terminal.say('The next tick finds it rolled back and writes that into the file:');
  await changedLines(stage, async () => void (await tickAndTell(stage)));

  chapter(
    stage,
    '7. Somebody merges 50% without having looked. A feature that was just rolled back is not raised by accident.',
  );
  await raiseInTheFile(stage);

  chapter(
    stage,
    '8. The processor is fixed and a person resumes, at 10%. Old errors do not count against the new epoch.',
  );
  await changedLines(stage, () => resumeAt(stage, 10));
  await work(stage, 3, NORMAL);
  await tickAndTell(stage);
}

/** Lets time pass with traffic in both arms. */
async function work(stage: Stage, hours: number, errorRate: typeof NORMAL): Promise<void> {
  const { controller, terminal } = stage;
  await controller.passTime(hours);
  const sums = await recordTraffic(stage, hours, errorRate);
  terminal.say(
    terminal.style.dim(
      `  ${hours} h with ${count(sums.outcomes)} jobs, ${errorRate.treatment}% of the treatment's failing`,
    ),
  );
}

/** Length in hours of the traffic in one flush. */
const FLUSH = 1 / 12;
const MOST_FLUSHES = 60;

/** Records failing jobs, flush by flush, until the fuse has acted; nothing else runs meanwhile. */
async function breakDown(stage: Stage): Promise<void> {
  const { controller, terminal } = stage;
  let jobs = 0;
  let flushes = 0;
  for (; flushes < MOST_FLUSHES; flushes++) {
    const incident = await openIncident(stage);
    if (incident) {
      terminal.say(
        terminal.style.dim(
          `  ${flushes} flushes with ${count(jobs)} jobs, ${BROKEN.treatment}% of the treatment's failing`,
        ),
      );
      terminal.say(
        terminal.style.bad(
          `incident ${incident.id}, opened by ${incident.opened_by}; ticks since then: ${incident.ticks}`,
        ),
      );
      terminal.say(`  ${incident.reason}`);
      return;
    }
    jobs += (await recordTraffic(stage, FLUSH, BROKEN)).outcomes;
    // As the library does after a flush with failures.
    await controller.store.health.tripFuse();
  }
  throw new Error(`no rollback after ${flushes} flushes`);
}

interface DemoIncident {
  id: string;
  opened_by: string;
  reason: string;
  ticks: number;
}

async function openIncident({ controller }: Stage): Promise<DemoIncident | undefined> {
  const [row] = (await controller.sql(
    `select i.id::text, i.opened_by, i.reason, (select count(*)::int from rollout_health_checks k where k.checked_at > i.opened_at) as ticks
     from rollout_incidents i where i.feature_name = '${FEATURE}' and i.state = 'open'`,
  )) as unknown as DemoIncident[];
  return row;
}

/** Records jobs of both arms in the last hours, as one program would. */
async function recordTraffic(stage: Stage, hours: number, errorRate: typeof NORMAL): Promise<OutcomeSums> {
  const { controller, random } = stage;
  const [row] = await controller.sql(
    `select epoch from rollout_configuration where feature_name = '${FEATURE}'`,
  );
  const subjects = (await controller.sql(
    `select repository_id as id, category, case when is_repository_eligible_for_rollout(repository_id, '${FEATURE}')
       then 'treatment' else 'control' end as arm
     from repository_categories order by repository_id`,
  )) as { id: string; category: string; arm: Arm }[] satisfies DemoSubject[];
  const sums = demoTraffic(
    {
      feature: FEATURE,
      epoch: Number(row?.epoch),
      subjects,
      hours,
      jobsPerHour: JOBS_PER_HOUR,
      errorRate,
      now: Date.now(),
    },
    random,
  );
  await controller.record(sums);
  return sums;
}

/** Simulates a branch from before the rollback that asks for 50%; the line of the write-back stays. */
async function raiseInTheFile(stage: Stage): Promise<void> {
  const text = await stage.read();
  await stage.controller.save(text.replace(/^( {4}percentage: )\d+/m, '$150'), 'Go to 50%');
  await reconcileAndTell(stage);
}

async function resumeAt(stage: Stage, percentage: number): Promise<void> {
  const { terminal, controller } = stage;
  const { features } = await resumeFeature(controller, {
    feature: FEATURE,
    percentage,
    reason: 'the queue has its connections back',
    agree: async () => true,
  });
  for (const one of features) terminal.say(`resumed at ${one.percentage}%`);
}
