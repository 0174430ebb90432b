import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { explain } from '../app/explain.ts';
import { importSubjects } from '../app/import-subjects.ts';
import { planFile } from '../app/plan.ts';
import { type ReconcileResult, reconcile } from '../app/reconcile.ts';
import { status } from '../app/status.ts';
import { type DemoController, openDemo } from '../compose.ts';
import { categoriesText, historyText, statusText } from '../report/lists.ts';
import { planText } from '../report/plan-text.ts';
import { counted } from '../report/words.ts';
import { type CommonOptions, type DefineCommand, run } from './command.ts';
import { demoFile, demoRepositories } from './demo-data.ts';
import { EXIT, type Terminal } from './terminal.ts';

const REPOSITORIES = 1_250;
const SEED = 42;
const FEATURE = 'new_checkout';

export const define: DefineCommand = (command, terminal, end) => {
  run(command, end, 'rollout demo', async (_options: CommonOptions) => {
    const folder = await mkdtemp(join(tmpdir(), 'rollout-demo-'));
    const file = join(folder, 'rollout.yaml');
    try {
      // Run by root, the server has a user of its own, who must be able to enter. The data itself stays private.
      await chmod(folder, 0o755);
      terminal.say(`A PostgreSQL of its own is started in ${folder}.`);
      const controller = await openDemo(folder, file, terminal.note);
      try {
        return await tellStory({ terminal, controller, file });
      } finally {
        await controller.close();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
};

interface Stage {
  terminal: Terminal;
  controller: DemoController;
  file: string;
}

async function tellStory(stage: Stage): Promise<number> {
  await registry(stage);
  await firstStep(stage);
  await nextStep(stage);
  await drift(stage);
  return ending(stage);
}

async function registry({ terminal, controller }: Stage): Promise<void> {
  chapter(
    terminal,
    `1. ${counted(REPOSITORIES, 'repository', 'repositories')} are imported and categorised by size.`,
  );
  await importSubjects(controller.store, {
    stream: Readable.from(demoRepositories(REPOSITORIES, SEED)),
    name: 'demo.csv',
    format: 'csv',
    subject: 'repository',
    actor: controller.actor,
    skipInvalid: false,
  });
  const categories = await controller.store.reading((read) => read.categories());
  terminal.say(categoriesText(terminal.style, categories));
}

async function firstStep(stage: Stage): Promise<void> {
  const { terminal, controller, file } = stage;
  chapter(terminal, '2. rollout.yaml asks for 10 %. The plan says whom that moves; nothing is written yet.');
  await writeFile(file, demoFile(10));
  await showPlan(stage, demoFile(10));
  chapter(terminal, '3. Reconcile writes it, with history, and every decision can be explained.');
  tell(terminal, await reconcileNow(stage));
  const moved = await controller.sql(
    `select full_name from repository_categories r
     where is_repository_eligible_for_rollout(r.repository_id, '${FEATURE}') and full_name <> 'acme/sandbox'
     order by star_count desc limit 1`,
  );
  await showExplanation(stage, String(moved[0]?.full_name));
  await showExplanation(stage, 'acme/sandbox');
}

async function nextStep(stage: Stage): Promise<void> {
  chapter(stage.terminal, '4. 25 %: those of 10 % stay in, others join them.');
  await writeFile(stage.file, demoFile(25));
  await showPlan(stage, demoFile(25));
  tell(stage.terminal, await reconcileNow(stage));
}

async function drift(stage: Stage): Promise<void> {
  const { terminal, controller } = stage;
  chapter(terminal, '5. Somebody raises it to 80 % by SQL. What is wider than Git says is put back.');
  await controller.sql(
    `update rollout_configuration set rollout_percentage = 80 where feature_name = '${FEATURE}'`,
  );
  tell(terminal, await reconcileNow(stage));
  chapter(terminal, '6. Somebody stops it by SQL. What is narrower is somebody’s safety: adopted, and held.');
  await controller.sql(
    `update rollout_configuration set emergency_stop = true where feature_name = '${FEATURE}'`,
  );
  tell(terminal, await reconcileNow(stage));
  terminal.say('Another reconcile of the same file does not raise it again:');
  tell(terminal, await reconcileNow(stage));
}

async function ending({ terminal, controller }: Stage): Promise<number> {
  chapter(terminal, '7. All of it is in the history, each row chained to the one before.');
  const { entries, verification } = await controller.store.reading(async (read) => ({
    entries: await read.history({}),
    verification: await read.verifyHistory(),
  }));
  terminal.say(historyText(terminal.style, entries.reverse()));
  terminal.say(
    verification.valid
      ? terminal.style.good(`The chain of ${counted(verification.entries, 'row')} holds.`)
      : terminal.style.bad(`The chain does not hold: ${verification.problem}`),
  );
  terminal.say(statusText(terminal.style, await status(controller.store), controller.now()));
  return verification.valid ? EXIT.ok : EXIT.error;
}

async function showPlan({ terminal, controller }: Stage, content: string): Promise<void> {
  const plan = await planFile(controller, { path: 'rollout.yaml', content, revision: null });
  terminal.say(planText(terminal.style, plan, 'rollout.yaml', false));
}

function reconcileNow({ controller }: Stage): Promise<ReconcileResult> {
  return reconcile(controller, { actor: controller.actor, allowRewind: false, revision: null });
}

async function showExplanation({ terminal, controller }: Stage, subject: string): Promise<void> {
  const { sentence } = await explain(controller.store, { feature: FEATURE, subject, environment: {} });
  terminal.say(sentence);
}

function tell(terminal: Terminal, result: ReconcileResult): void {
  terminal.say(planText(terminal.style, result, 'rollout.yaml', true));
}

function chapter(terminal: Terminal, title: string): void {
  terminal.say(`\n${terminal.style.bold(title)}`);
}
