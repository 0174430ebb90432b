import type { Command, CommandUnknownOpts, InferCommandArguments } from 'commander';
import type { DefineCommand } from './terminal/command.ts';
import type { Terminal } from './terminal/terminal.ts';

interface Entry {
  /** Name and arguments in commander's notation. */
  usage: string;
  /** Adds the command to a program; `define` adds its options and its action. */
  addTo: (program: Command) => {
    command: CommandUnknownOpts;
    define: (terminal: Terminal, end: (code: number) => void) => Promise<void>;
  };
}

interface Described<U extends string> {
  usage: U;
  summary: string;
  load: () => Promise<{ define: DefineCommand<[...InferCommandArguments<U>]> }>;
}

/** Requires that the arguments in `usage` are those of the command's file. */
function entry<U extends string>({ usage, summary, load }: Described<U>): Entry {
  return {
    usage,
    addTo: (program) => {
      const command = program.command(usage).summary(summary).description(summary);
      return { command, define: async (terminal, end) => (await load()).define(command, terminal, end) };
    },
  };
}

/** Every command, in the order of the help; a command's file is loaded only when it is called. */
export const COMMANDS: readonly Entry[] = [
  entry({
    usage: 'init',
    summary: 'write a commented rollout.yaml, or one that matches the database',
    load: () => import('./commands/init.ts'),
  }),
  entry({
    usage: 'validate',
    summary: 'print every problem of the file, with line and column',
    load: () => import('./commands/validate.ts'),
  }),
  entry({
    usage: 'types',
    summary: 'write the keys of the features as a TypeScript type',
    load: () => import('./commands/types.ts'),
  }),
  entry({
    usage: 'cleanup <feature>',
    summary: 'list the call sites of a feature whose rollout has ended, with what each becomes',
    load: () => import('./commands/cleanup.ts'),
  }),
  entry({
    usage: 'migrate',
    summary: 'bring the database up to date',
    load: () => import('./commands/migrate.ts'),
  }),
  entry({
    usage: 'import <path>',
    summary: 'bring repositories or customers into the registry',
    load: () => import('./commands/import.ts'),
  }),
  entry({
    usage: 'categorize',
    summary: 'categorise every repository again',
    load: () => import('./commands/categorize.ts'),
  }),
  entry({
    usage: 'categories',
    summary: 'count the registry by category',
    load: () => import('./commands/categories.ts'),
  }),
  entry({
    usage: 'plan',
    summary: 'show what reconcile would change, and whom it moves',
    load: () => import('./commands/plan.ts'),
  }),
  entry({
    usage: 'reconcile',
    summary: 'bring the database in line with the file',
    load: () => import('./commands/reconcile.ts'),
  }),
  entry({
    usage: 'adopt-file',
    summary: 'apply a file that is not in a commit, once, where commits govern the database',
    load: () => import('./commands/adopt-file.ts'),
  }),
  entry({
    usage: 'tick',
    summary: 'run the scheduled controller once',
    load: () => import('./commands/tick.ts'),
  }),
  entry({
    usage: 'check-health [feature]',
    summary: 'judge now, show the arithmetic, act as a tick would',
    load: () => import('./commands/check-health.ts'),
  }),
  entry({
    usage: 'notify [feature]',
    summary: 'show which receivers a notification goes to, and send a test message',
    load: () => import('./commands/notify.ts'),
  }),
  entry({
    usage: 'record [path]',
    summary: 'record how jobs ended, as NDJSON from a file or standard input',
    load: () => import('./commands/record.ts'),
  }),
  entry({
    usage: 'maintain',
    summary: 'create partitions ahead and drop what is past its retention, as each tick does',
    load: () => import('./commands/maintain.ts'),
  }),
  entry({
    usage: 'status',
    summary: 'show every feature in a line',
    load: () => import('./commands/status.ts'),
  }),
  entry({
    usage: 'stats [feature]',
    summary: 'show who is in, by category',
    load: () => import('./commands/stats.ts'),
  }),
  entry({
    usage: 'history [verify-export-or-feature]',
    summary: 'show what changed, when, by whom and why; `verify` checks the chain, `export` writes it out',
    load: () => import('./commands/history.ts'),
  }),
  entry({
    usage: 'incidents [feature]',
    summary: 'list rollbacks, stops and manual reductions',
    load: () => import('./commands/incidents.ts'),
  }),
  entry({
    usage: 'explain <feature> <subject>',
    summary: 'explain why a subject is in or out: now, in the past, or by another file',
    load: () => import('./commands/explain.ts'),
  }),
  entry({
    usage: 'stop [feature]',
    summary: 'stop a feature at once',
    load: () => import('./commands/stop.ts'),
  }),
  entry({
    usage: 'resume [feature]',
    summary: 'allow a rolled-back feature to be raised again',
    load: () => import('./commands/resume.ts'),
  }),
  entry({
    usage: 'set <feature> <percentage>',
    summary: 'put a percentage into the file',
    load: () => import('./commands/set.ts'),
  }),
  entry({
    usage: 'promote <feature>',
    summary: 'raise a feature that was proved in another environment',
    load: () => import('./commands/promote.ts'),
  }),
  entry({
    usage: 'allow <feature>',
    summary: 'let through what the policy refused of a feature',
    load: () => import('./commands/allow.ts'),
  }),
  entry({
    usage: 'forget <subject>',
    summary: 'erase a repository or customer from the database, history included',
    load: () => import('./commands/forget.ts'),
  }),
  entry({
    usage: 'rollback <feature>',
    summary: 'roll back a feature: in the database at once, then in the file',
    load: () => import('./commands/rollback.ts'),
  }),
  entry({
    usage: 'advance <feature>',
    summary: 'go to the next step, through the same gate as the tick',
    load: () => import('./commands/advance.ts'),
  }),
  entry({
    usage: 'whitelist <action> <feature> [entries...]',
    summary: 'add, remove or show who is always in',
    load: () => import('./commands/whitelist.ts'),
  }),
  entry({
    usage: 'blacklist <action> <feature> [entries...]',
    summary: 'add, remove or show who is never in',
    load: () => import('./commands/blacklist.ts'),
  }),
  entry({
    usage: 'mark-test <repositories...>',
    summary: 'mark repositories as test (the first to get a feature)',
    load: () => import('./commands/mark-test.ts'),
  }),
  entry({
    usage: 'unmark-test <repositories...>',
    summary: 'unmark them: each gets the category of its size again',
    load: () => import('./commands/unmark-test.ts'),
  }),
  entry({
    usage: 'auto-rollback <on-or-off> <feature>',
    summary: 'let the controller roll back a feature by itself, or not',
    load: () => import('./commands/auto-rollback.ts'),
  }),
  entry({
    usage: 'simulate [feature]',
    summary: 'simulate what the thresholds find and miss at your traffic, and replay the past',
    load: () => import('./commands/simulate.ts'),
  }),
  entry({
    usage: 'back-test <feature>',
    summary: 'test the guardrails of a feature on past events, and keep what allows a rollback',
    load: () => import('./commands/back-test.ts'),
  }),
  entry({
    usage: 'report [feature]',
    summary: 'write the status page, or print the report as text, markdown or JSON',
    load: () => import('./commands/report.ts'),
  }),
  entry({
    usage: 'serve',
    summary: 'serve the status page, JSON, OFREP, Prometheus metrics and admin routes over HTTP',
    load: () => import('./commands/serve.ts'),
  }),
  entry({
    usage: 'dashboard',
    summary: 'watch features and act on them in an interactive terminal',
    load: () => import('./dashboard/command.ts'),
  }),
  entry({
    usage: 'console',
    summary: 'open a REPL with rollout.status() and the other operations',
    load: () => import('./console/command.ts'),
  }),
  entry({
    usage: 'doctor',
    summary: 'check what is missing for a working loop, with the next command for each finding',
    load: () => import('./commands/doctor.ts'),
  }),
  entry({
    usage: 'demo',
    summary: 'play the whole story on a temporary database',
    load: () => import('./commands/demo.ts'),
  }),
];
