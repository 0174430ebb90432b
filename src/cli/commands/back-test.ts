import type { Command } from 'commander';
import { backTestFile } from '../../app/guardrails/keep-back-test.ts';
import { checkedOutRevision, readConfigurationFile } from '../../compose/environment/files.ts';
import { knowsEngine, metricEngineOf } from '../../compose/environment/prometheus.ts';
import { backTestJson } from '../../report/json/back-test-json.ts';
import { backTestText } from '../../report/text/back-test-text.ts';
import { formatProblem } from '../../report/text/plan-text.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

const declared = (command: Command<[feature: string]>) => command;

export const define: DefineCommand<[feature: string]> = (command, terminal, end) => {
  run(declared(command), end, 'rollout back-test new_checkout', async (options, feature) => {
    const content = await readConfigurationFile(options.file);
    const text = { path: options.file, content, revision: await checkedOutRevision(options.file) };
    const { environment } = terminal;
    return withController(terminal, options, async ({ store, actor }) => {
      const engine = knowsEngine(environment) ? metricEngineOf(environment) : null;
      const report = await backTestFile({ store, engine }, text, { feature, actor });
      if (options.json) terminal.json(backTestJson(report));
      else {
        for (const problem of report.problems) terminal.note(formatProblem(problem, options.file));
        if (report.guardrails.length > 0) terminal.say(backTestText(terminal.style, report));
      }
      const failed =
        report.problems.some(({ severity }) => severity === 'error') ||
        report.guardrails.some(({ found }) => found.code === 'engine_refused');
      return failed ? EXIT.error : EXIT.ok;
    });
  });
};
