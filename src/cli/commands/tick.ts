import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { tick } from '../../app/tick/tick.ts';
import type { Controller } from '../../compose/controller.ts';
import { metricEngineOf } from '../../compose/environment/prometheus.ts';
import { heartbeatOf, receiversOf } from '../../compose/environment/receivers.ts';
import type { Printed } from '../../domain/change/notice.ts';
import { formatDuration, parseDuration } from '../../lib/duration.ts';
import { DAY_SECONDS } from '../../lib/time.ts';
import { tickJson } from '../../report/json/tick-json.ts';
import { tickLines } from '../../report/text/outcomes/tick-text.ts';
import { tickExit } from '../../report/words/exits.ts';
import { printedText } from '../../report/words/notice-words.ts';
import { answer } from '../terminal/answer.ts';
import { printing } from '../terminal/changing.ts';
import { type DefineCommand, type OptionsOf, run, withController } from '../terminal/command.ts';
import { FOLLOW } from '../terminal/options.ts';
import { EXIT, type Terminal, tellError } from '../terminal/terminal.ts';

const declared = (command: Command) =>
  command
    .option('--loop <interval>', 'again and again, such as 15m; follows origin in a clone', intervalOption)
    .option(...FOLLOW);

type TickOptions = OptionsOf<typeof declared>;

export const define: DefineCommand = (command, terminal, end) => {
  run(declared(command), end, 'rollout tick --loop 15m', (options) =>
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
 * Runs ticks in a loop. Each round opens its own connection, so that it finds a restarted server again. All rounds hold
 * the same lease, because a round that lost the server could not release it. A loop runs beside people who work in the
 * same clone, so it follows origin instead of the checked-out branch.
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
    receivers: receiversOf(environment),
    heartbeat: heartbeatOf(environment),
    engine: metricEngineOf(environment),
    print,
  };
  const result = await tick(deps, { actor: controller.actor, environment, holder });
  answer(terminal, options, {
    json: () => tickJson(result),
    words: () => tickLines(printing(terminal, options), result),
  });
  return tickExit(result);
}
