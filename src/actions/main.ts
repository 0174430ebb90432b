import { getInput, info, setSecret, warning } from '@actions/core';
import type { ActionDatabase } from '../compose/action.ts';
import { RolloutError } from '../errors.ts';
import { harmless, oneOf, quoted } from '../lib/text.ts';
import { COMMANDS, type Entry } from './commands/commands.ts';
import { type Context, contextOf } from './runner/context.ts';
import { type Inputs, readInputs } from './runner/inputs.ts';
import { logLine } from './runner/log-line.ts';
import { refuseOtherRef } from './runner/only-default-branch.ts';
import { publish, publishError } from './runner/publish.ts';
import { secretsIn } from './runner/secrets.ts';

const LONGEST_WARNING = 2_000;

/** Runs the workflow's command. Never throws: errors are shown in the job. */
async function main(): Promise<void> {
  let opening: Promise<ActionDatabase> | null = null;
  try {
    // Masks secrets before any output can contain one.
    for (const secret of secretsIn(getInput('database_url'), getInput('token'))) setSecret(secret);
    const inputs = readInputs();
    const command = commandOf(inputs);
    const context = contextOf(process.env);
    if (command.writes) refuseOtherRef(inputs, context);
    opening = openedFor(command, inputs);
    await opening?.catch(() => undefined);
    const database = () => opening ?? openNow(inputs);
    const { run } = await command.load();
    await publish(await run({ inputs, context, environment: environmentOf(context), database, log, warn }));
  } catch (error) {
    publishError(error);
  } finally {
    // A command that refused to start has not closed it.
    await opening?.then(({ close }) => close()).catch(() => undefined);
  }
}

/**
 * Opens the database before other code is loaded, so that an unreachable one is reported at once. Null if the command
 * opens it itself, or needs none.
 */
function openedFor({ opens }: Entry, { databaseUrl, migrate }: Inputs): Promise<ActionDatabase> | null {
  if (opens === undefined || databaseUrl === '' || migrate) return null;
  const room = import('../compose/action.ts');
  return opens === 'connected'
    ? room.then(({ openForTakingAway }) => openForTakingAway(databaseUrl))
    : room.then(({ openForAction }) => openForAction(databaseUrl));
}

async function openNow({ databaseUrl }: Inputs): Promise<ActionDatabase> {
  const { openForAction } = await import('../compose/action.ts');
  return openForAction(databaseUrl);
}

function commandOf({ command }: Inputs) {
  const known = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (known) return known;
  throw new RolloutError('usage', `the input command is ${quoted(command)}`, {
    hint: `it is ${oneOf(Object.keys(COMMANDS))}`,
  });
}

/** Returns the environment of the step, with the person who started the run as the actor. */
function environmentOf({ actor }: Context): NodeJS.ProcessEnv {
  return { ...process.env, ROLLOUT_ACTOR: actor };
}

function warn(text: string): void {
  warning(harmless(text, LONGEST_WARNING));
}

function log(text: string): void {
  for (const line of text.split('\n')) info(logLine(line));
}

await main();
