import { resumeFeature } from '../../app/operate/resume.ts';
import type { Arm } from '../../domain/evidence/outcomes.ts';
import { count } from '../../report/words/words.ts';
import { changedLines, chapter, FEATURE, reconcileAndTell, type Stage, tickAndTell } from './stage.ts';
import { type DemoSubject, demoTraffic } from './traffic.ts';

const JOBS_PER_HOUR = 40;
const NORMAL = { treatment: 1, control: 1 };
const BROKEN = { treatment: 40, control: 1 };

/** A healthy day, a broken processor, and the way back. */
export async function tellHealth(stage: Stage): Promise<void> {
  chapter(
    stage,
    '5. A day of traffic goes well: the soak is over, and the tick writes the next step into the file.',
  );
  await work(stage, 24, NORMAL);
  await changedLines(stage, async () => void (await tickAndTell(stage)));

  chapter(
    stage,
    '6. Another day, and the processor breaks. The feature is rolled back: in the database at once, then in the file.',
  );
  await work(stage, 24, NORMAL);
  await work(stage, 1, BROKEN);
  await changedLines(stage, async () => void (await tickAndTell(stage)));

  chapter(
    stage,
    '7. Somebody merges 50% without having looked. A feature that was just rolled back is not raised by accident.',
  );
  await raiseInTheFile(stage);

  chapter(
    stage,
    '8. The processor is mended and a person resumes, at 10%. Old errors do not count against the new epoch.',
  );
  await changedLines(stage, () => resumeAt(stage, 10));
  await work(stage, 3, NORMAL);
  await tickAndTell(stage);
}

/** Time goes by with traffic in both arms. */
async function work(stage: Stage, hours: number, errorRate: typeof NORMAL): Promise<void> {
  const { controller, terminal, random } = stage;
  await controller.passTime(hours);
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
  terminal.say(
    terminal.style.dim(
      `  ${hours} h with ${count(sums.outcomes)} jobs, ${errorRate.treatment}% of the treatment's failing`,
    ),
  );
}

/** A branch that began before the rollback says 50%; the rollback's own line stays as it is. */
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
