import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError } from 'commander';
import { type TickResult, tick } from '../../app/tick/tick.ts';
import type { Controller } from '../../compose/controller.ts';
import { heartbeatOf, webhookForTick } from '../../compose/environment/webhook.ts';
import type { Printed } from '../../domain/change/notice.ts';
import { RolloutError } from '../../errors.ts';
import { formatDuration, parseDuration } from '../../lib/duration.ts';
import { harmless } from '../../lib/text.ts';
import { DAY_SECONDS } from '../../lib/time.ts';
import { healthJson, healthText } from '../../report/text/health-text.ts';
import { planText } from '../../report/text/plan-text.ts';
import { printedText } from '../../report/words/notice-words.ts';
import { planJson, totalsOf } from '../../report/words/plan-model.ts';
import { writeBackWord } from '../../report/words/report-words.ts';
import { type CommonOptions, type DefineCommand, run, withController } from '../terminal/command.ts';
import { FOLLOW } from '../terminal/options.ts';
import { EXIT, type Terminal, tellError } from '../terminal/terminal.ts';

interface TickOptions extends CommonOptions {
  loop?: number;
}

export const define: DefineCommand = (command, terminal, end) => {
  command
    .option('--loop <interval>', 'again and again, such as 15m; follows origin in a clone', intervalOption)
    .option(...FOLLOW);
  run(command, end, 'rollout tick --loop 15m', (options: TickOptions) =>
    options.loop === undefined
      ? once(terminal, options)
      : forever(terminal, { ...options, follow: true }, options.loop),
  );
};

function intervalOption(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== null && seconds <= DAY_SECONDS) return seconds;
  throw new InvalidArgumentError('it is an interval of at most a day, such as 15m.');
}

function once(terminal: Terminal, options: TickOptions, holder = randomUUID()): Promise<number> {
  return withController(terminal, options, (controller) => runTick(terminal, options, controller, holder));
}

/**
 * Each round opens its own connection: a server that was restarted meanwhile is found again. They all hold the
 * same lease, which a round that lost the server could not give back. A loop runs beside people who work in the same
 * clone, so it follows origin instead of what they have checked out.
 */
async function forever(terminal: Terminal, options: TickOptions, seconds: number): Promise<number> {
  const stop = new AbortController();
  const holder = randomUUID();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  while (!stop.signal.aborted) {
    await once(terminal, options, holder).catch((error) => tellError(terminal, error, options.json === true));
    if (!options.json) terminal.note(`next tick in ${formatDuration(seconds)}; end with Ctrl-C`);
    await sleep(seconds * 1_000, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  return EXIT.ok;
}

async function runTick(
  terminal: Terminal,
  options: TickOptions,
  controller: Controller,
  holder: string,
): Promise<number> {
  const { environment } = terminal;
  const to = options.json ? terminal.note : terminal.say;
  const print = (notice: Printed) => to(printedText(notice));
  const deps = {
    ...controller,
    webhook: webhookForTick(environment),
    heartbeat: heartbeatOf(environment),
    print,
  };
  const result = await tick(deps, { actor: controller.actor, environment, holder });
  if (options.json) terminal.json(tickJson(result));
  else tell(terminal, options, result);
  return exitOf(result);
}

function tickJson(result: TickResult) {
  const {
    results,
    reconciled,
    heartbeat,
    skipped,
    reconcile_error,
    written_back,
    advanced,
    timed_out,
    problems,
    delivery,
  } = result;
  return {
    results: results.map(healthJson),
    heartbeat,
    skipped,
    reconciled: reconciled && planJson(reconciled),
    reconcile_error,
    written_back,
    advanced,
    timed_out,
    problems,
    delivery,
  };
}

function tell(terminal: Terminal, options: TickOptions, result: TickResult): void {
  const { style } = terminal;
  if (result.skipped) {
    terminal.say('another tick is at work; this one did nothing');
    return;
  }
  if (result.reconciled) terminal.say(planText(style, result.reconciled, options.file, true));
  if (result.reconcile_error) {
    const { message, hint } = result.reconcile_error;
    tellError(
      terminal,
      new RolloutError('revision_refused', `the file was not reconciled: ${message}`, hint ? { hint } : {}),
      false,
    );
  }
  terminal.say(healthText(style, result.results));
  for (const { feature, state, error, commit, pull_request } of result.written_back) {
    const where = commit ? ` in ${commit.slice(0, 10)}` : pull_request === null ? '' : ` in #${pull_request}`;
    terminal.say(
      error
        ? style.warn(`write-back of ${feature} is pending: ${harmless(error, 500)}`)
        : `write-back of ${feature}: ${writeBackWord(state)}${where}`,
    );
  }
  if (result.timed_out > 0) terminal.say(`${result.timed_out} jobs timed out and count as failures`);
  for (const warning of result.warnings) terminal.note(style.warn(harmless(warning, 500)));
  for (const problem of result.problems) terminal.note(style.warn(harmless(problem, 500)));
  if (result.delivery?.error)
    terminal.note(
      style.warn(`${result.delivery.waiting} notifications wait: ${harmless(result.delivery.error, 500)}`),
    );
}

/** 1 where a person is needed: the file, the evidence, a write-back or the housekeeping. */
function exitOf(result: TickResult): number {
  const totals = result.reconciled && totalsOf(result.reconciled);
  const broken = totals !== null && totals.errors + totals.refused > 0;
  const unjudged = result.results.some(({ judgement }) => judgement.verdict === 'error');
  const pending = result.written_back.some(({ error }) => error !== null);
  return result.reconcile_error || broken || unjudged || pending || result.problems.length > 0
    ? EXIT.error
    : EXIT.ok;
}
