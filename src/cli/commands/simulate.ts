import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type SimulateInput, simulateFile } from '../../app/views/simulate.ts';
import { checkedOutRevision, readConfigurationFile } from '../../compose/environment/files.ts';
import { knowsEngine, metricEngineOf } from '../../compose/environment/prometheus.ts';
import { RolloutError } from '../../errors.ts';
import { plainHint, plainNumber } from '../../lib/plain-number.ts';
import { simulationJson } from '../../report/json/simulate-model.ts';
import { formatProblem } from '../../report/text/plan-text.ts';
import { simulationText } from '../../report/text/simulate-text.ts';
import { answer } from '../terminal/answer.ts';
import {
  type CommonOptions,
  type DefineCommand,
  type OptionsOf,
  run,
  withController,
} from '../terminal/command.ts';
import { wholeOption } from '../terminal/options.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

const declared = (command: Command<[feature: string | undefined]>) =>
  command
    .option(
      '--jobs-per-hour <n>',
      'finished jobs of the feature an hour; measured where left out',
      numberOf(0, 1e6),
    )
    .option('--error-rate <percent>', 'percent of them that fail when nothing is broken', numberOf(0, 100))
    .option(
      '--control-jobs-per-hour <n>',
      'jobs of control an hour, failing at the same rate',
      numberOf(0, 1e6),
    )
    .option(
      '--jobs-together <n>',
      'jobs of one subject that fail together; measured where left out',
      numberOf(1, 1_000),
    )
    .option(
      '--runs <n>',
      'simulated lives; default 400, fewer with several categories',
      wholeOption(1, 100_000),
    )
    .option('--seed <n>', 'another number gives other random lives', wholeOption(0, 4_294_967_295), 1);

type SimulateOptions = OptionsOf<typeof declared>;

export const define: DefineCommand<[feature: string | undefined]> = (command, terminal, end) => {
  const example = 'rollout simulate new_checkout --jobs-per-hour 20 --error-rate 1';
  run(declared(command), end, example, async (options, feature) => {
    const input = inputOf(terminal, options, feature);
    const content = await readConfigurationFile(options.file);
    const text = { path: options.file, content, revision: await checkedOutRevision(options.file) };
    const work = async (store: Parameters<typeof simulateFile>[0]) => {
      const report = await simulateFile(store, text, input).finally(() => terminal.progress(''));
      answer(terminal, options, {
        json: () => simulationJson(report),
        words: () => [
          ...report.problems.map((one) => ({
            text: formatProblem(one, options.file),
            beside: true as const,
          })),
          ...(report.features.length > 0 ? [{ text: simulationText(terminal.style, report) }] : []),
        ],
      });
      return report.problems.some(({ severity }) => severity === 'error') ? EXIT.error : EXIT.ok;
    };
    if (input.given || !hasDatabase(terminal, options)) return work(null);
    return withController(terminal, options, ({ store }) => work(store));
  });
};

function inputOf(terminal: Terminal, options: SimulateOptions, feature: string | undefined): SimulateInput {
  const { jobsPerHour, errorRate, controlJobsPerHour, jobsTogether, runs, seed } = options;
  const given = jobsPerHour !== undefined && errorRate !== undefined;
  if (!given && [jobsPerHour, errorRate, controlJobsPerHour].some((value) => value !== undefined)) {
    const missing = [
      ...(jobsPerHour === undefined ? ['--jobs-per-hour'] : []),
      ...(errorRate === undefined ? ['--error-rate'] : []),
    ];
    throw new RolloutError('usage', `incomplete traffic options: also pass ${missing.join(' and ')}`, {
      hint: 'give --jobs-per-hour and --error-rate, or none of them to measure the traffic in the database',
    });
  }
  return {
    feature,
    given: given ? { jobsPerHour, errorRate, controlJobsPerHour: controlJobsPerHour ?? 0 } : null,
    jobsTogether: jobsTogether ?? null,
    runs: runs ?? null,
    seed,
    engine: knowsEngine(terminal.environment) ? metricEngineOf(terminal.environment) : null,
    onProgress: (name, done, all) => {
      if (done % 10 === 0) terminal.progress(`${name}: ${done} of ${all} runs`);
    },
  };
}

/** Is there a database with measurements? An embedded one is not created for this: it would be empty. */
function hasDatabase({ environment }: Terminal, { file }: CommonOptions): boolean {
  return (
    Boolean(environment.DATABASE_URL?.trim()) ||
    existsSync(join(dirname(resolve(file)), '.rollout', 'postgres'))
  );
}

/** Parses a plain decimal number within these bounds. */
function numberOf(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = plainNumber(text, 10);
    if (value !== null && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`it must be a number from ${least} to ${most}${plainHint(text)}.`);
  };
}
