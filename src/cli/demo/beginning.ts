import { Readable } from 'node:stream';
import { planFile } from '../../app/reconcile/plan.ts';
import { importSubjects } from '../../app/registry/import-subjects.ts';
import { explain } from '../../app/views/explain.ts';
import { categoriesText } from '../../report/text/categories-text.ts';
import { planText } from '../../report/text/plan-text.ts';
import { counted } from '../../report/words/words.ts';
import { DEMO_FILE, demoRepositories, REPOSITORIES, SANDBOXES, SEED } from './data.ts';
import { chapter, FEATURE, reconcileAndTell, type Stage } from './stage.ts';

/** First chapter: from an empty database to a first step and its explanation. */
export async function tellBeginning(stage: Stage): Promise<void> {
  await registry(stage);
  await firstStep(stage);
  await nobodyReachesIn(stage);
}

async function registry(stage: Stage): Promise<void> {
  const { terminal, controller } = stage;
  chapter(
    stage,
    `1. ${counted(REPOSITORIES, 'repository', 'repositories')} are imported and categorised by size.`,
  );
  await importSubjects(controller.store, {
    stream: Readable.from(Buffer.from([...demoRepositories(REPOSITORIES, SEED)].join(''))),
    name: 'demo.csv',
    format: 'csv',
    subject: 'repository',
    actor: controller.actor,
    skipInvalid: false,
    allowMissing: false,
  });
  const categories = await controller.store.reading((read) => read.registry.categories());
  terminal.say(categoriesText(terminal.style, categories));
}

async function firstStep(stage: Stage): Promise<void> {
  const { terminal, controller } = stage;
  chapter(stage, '2. rollout.yaml asks for 10%. The plan says whom that moves; nothing is written yet.');
  await controller.save(DEMO_FILE, 'Start the new checkout at 10%');
  const plan = await planFile(controller, { path: 'rollout.yaml', content: DEMO_FILE, revision: null });
  terminal.say(planText(terminal.style, plan, 'rollout.yaml', false));
  chapter(stage, '3. Reconcile writes it, with history, and every decision can be explained.');
  await reconcileAndTell(stage);
  for (const eligible of [true, false]) {
    const [one] = await controller.sql(
      `select repository_id from repository_categories
       where is_repository_eligible_for_rollout(repository_id, '${FEATURE}') = ${eligible}
         and repository_id <> '${SANDBOXES[0]}'
       order by star_count desc limit 1`,
    );
    await showExplanation(stage, String(one?.repository_id));
  }
  await showExplanation(stage, SANDBOXES[0] ?? '');
}

async function nobodyReachesIn(stage: Stage): Promise<void> {
  chapter(stage, '4. Somebody raises it to 80% by SQL. What is wider than Git says is put back.');
  await stage.controller.sql(
    `update rollout_configuration set rollout_percentage = 80 where feature_name = '${FEATURE}'`,
  );
  await reconcileAndTell(stage);
}

async function showExplanation({ terminal, controller }: Stage, subject: string): Promise<void> {
  const { sentence } = await explain(controller.store, { feature: FEATURE, subject, environment: {} });
  terminal.say(sentence);
}
