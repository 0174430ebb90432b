import type { Command } from 'commander';
import { planFile } from '../../app/reconcile/plan.ts';
import { planAgainstFile } from '../../app/reconcile/plan-against-file.ts';
import { checkedOutRevision, readConfigurationFile } from '../../compose/environment/files.ts';
import type { PlanResult } from '../../domain/plan/result.ts';
import { words } from '../../report/kept.ts';
import { planMarkdown } from '../../report/markdown/plan-markdown.ts';
import { planText } from '../../report/text/plan-text.ts';
import { planExit } from '../../report/words/exits.ts';
import { planJson } from '../../report/words/plan-model.ts';
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
    return withController(terminal, options, async (controller) =>
      report(terminal, options, await planFile(controller, proposed)),
    );
  });
};

function report(terminal: Terminal, options: PlanOptions, plan: PlanResult): number {
  const { generation, global_stop, heartbeat } = plan;
  answer(terminal, options, {
    json: () => ({ ...planJson(plan), generation, global_stop, heartbeat }),
    words: () =>
      options.markdown ? planMarkdown(plan).trimEnd() : planText(terminal.style, plan, options.file, false),
  });
  return planExit(plan);
}
