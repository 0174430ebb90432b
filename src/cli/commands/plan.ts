import type { Command } from 'commander';
import { planGuardrails } from '../../app/guardrails/plan-guardrails.ts';
import { planFile } from '../../app/reconcile/plan.ts';
import { planAgainstFile } from '../../app/reconcile/plan-against-file.ts';
import { checkedOutRevision, readConfigurationFile } from '../../compose/environment/files.ts';
import { planEngineOf } from '../../compose/environment/prometheus.ts';
import type { PlanResult } from '../../domain/plan/result.ts';
import { planGuardrailsJson } from '../../report/json/plan-guardrails-json.ts';
import { words } from '../../report/kept.ts';
import { planMarkdown } from '../../report/markdown/plan-markdown.ts';
import { planText } from '../../report/text/plan-text.ts';
import { planExit } from '../../report/words/exits.ts';
import { type PlanLike, planJson } from '../../report/words/plan-model.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, type OptionsOf, run, withController } from '../terminal/command.ts';
import type { Terminal } from '../terminal/terminal.ts';

const declared = (command: Command) =>
  command
    .option('--base <file>', 'compare with this file instead of the database')
    .option('--markdown', 'print the plan as markdown');

type PlanOptions = OptionsOf<typeof declared>;

export const define: DefineCommand = (command, terminal, end) => {
  run(declared(command), end, 'rollout plan --file rollout.yaml', async (options) => {
    const content = await readConfigurationFile(options.file);
    const proposed = { path: options.file, content, revision: await checkedOutRevision(options.file) };
    if (options.base) {
      const base = { path: options.base, content: await readConfigurationFile(options.base), revision: null };
      return report(terminal, options, planAgainstFile(base, proposed, new Date(), words));
    }
    const engine = planEngineOf(terminal.environment);
    return withController(terminal, options, async (controller) => {
      const plan = await planFile(controller, proposed);
      const { store } = controller;
      const guardrails = await planGuardrails({ store, engine }, proposed, plan.changes);
      return report(terminal, options, { ...plan, guardrails });
    });
  });
};

type Shown = PlanResult & Pick<PlanLike, 'guardrails'>;

function report(terminal: Terminal, options: PlanOptions, plan: Shown): number {
  const { generation, global_stop, heartbeat } = plan;
  answer(terminal, options, {
    json: () => ({
      ...planJson(plan),
      ...planGuardrailsJson(plan.guardrails),
      ...{ generation, global_stop, heartbeat },
    }),
    words: () =>
      options.markdown ? planMarkdown(plan).trimEnd() : planText(terminal.style, plan, options.file, false),
  });
  return planExit(plan);
}
