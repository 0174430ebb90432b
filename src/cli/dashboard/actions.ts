import { advanceFeature } from '../../app/operate/advance.ts';
import { resumeFeature } from '../../app/operate/resume.ts';
import { rollBack } from '../../app/operate/rollback.ts';
import { setPercentage } from '../../app/operate/set.ts';
import { stop } from '../../app/operate/stop.ts';
import type { FeatureStats } from '../../app/views/status.ts';
import type { Controller } from '../../compose/controller.ts';
import type { Agree } from '../../domain/change/requested.ts';
import { historyText } from '../../report/text/history-text.ts';
import { incidentsText } from '../../report/text/incidents-text.ts';
import {
  changeLines,
  resumeLines,
  rollbackLines,
  stopLines,
} from '../../report/text/outcomes/outcome-text.ts';
import { questionText } from '../../report/words/request-words.ts';
import { tellIssues } from '../commands/stop.ts';
import { print } from '../terminal/answer.ts';
import { printing } from '../terminal/changing.ts';
import type { CommonOptions } from '../terminal/command.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { agree, askPercentage, askReason, mayAskPercentage } from './ask.ts';

interface Desk {
  controller: Controller;
  terminal: Terminal;
  options: CommonOptions;
}

interface Action {
  label: string;
  hint: string;
  /** Does the action apply to the feature's present state? */
  fits: (line: FeatureStats) => boolean;
  run: (desk: Desk, line: FeatureStats) => Promise<void>;
}

/** The use case itself knows whether it raises, and asks. */
const agreeTo: Agree = (asked) => agree(questionText(asked));

const ROWS = 20;
const always = () => true;

/** Actions on a feature, in the order in which they are offered; each asks for a confirmation first. */
export const ACTIONS = {
  stop: {
    label: 'Stop',
    hint: 'at once, for everyone',
    fits: ({ emergency_stop }) => !emergency_stop,
    run: async ({ controller, terminal, options }, { feature }) => {
      const reason = await askReason('the stop');
      if (reason === null || !(await agree(`Stop ${feature} for everyone, now?`))) return;
      const stopped = await stop(controller, { feature, reason, onWait: terminal.note });
      print(terminal, stopLines(printing(terminal, options), { feature, ...stopped.result }));
      await tellIssues(terminal, stopped);
    },
  },
  rollback: {
    label: 'Roll back',
    hint: 'off for everyone, in the database at once',
    fits: ({ active, emergency_stop }) => active && !emergency_stop,
    run: (desk, line) => takeBack(desk, line, null),
  },
  lower: {
    label: 'Roll back to a percentage',
    hint: 'lower, in the database at once',
    fits: ({ active, emergency_stop, strategy, percentage }) =>
      active && !emergency_stop && strategy !== 'whitelist' && percentage > 0,
    run: async (desk, line) => {
      const to = await askPercentage(`Lower ${line.feature} to which percentage?`, line.percentage);
      if (to !== null) await takeBack(desk, line, to);
    },
  },
  advance: {
    label: 'Advance',
    hint: 'to the next step, if its gate is open',
    fits: ({ health, held }) => !held && health.next_step !== null,
    run: async ({ controller, terminal, options }, { feature }) => {
      const { environment } = terminal;
      const input = { feature, force: false, environment, agree: agreeTo };
      const outcome = await advanceFeature(controller, input);
      print(terminal, changeLines(printing(terminal, options), outcome));
    },
  },
  set: {
    label: 'Set the percentage',
    hint: 'in rollout.yaml',
    fits: ({ active, held, strategy }) => active && !held && strategy !== 'whitelist',
    run: async ({ controller, terminal, options }, { feature, percentage: now }) => {
      const percentage = await askPercentage(`Set ${feature} to which percentage?`, now);
      const reason = percentage === null ? null : await askReason(`${percentage}%`);
      if (percentage === null || reason === null) return;
      if (percentage <= now && !(await agree(`Set ${feature} from ${now}% to ${percentage}%?`))) return;
      const outcome = await setPercentage(controller, { feature, percentage, reason, agree: agreeTo });
      print(terminal, changeLines(printing(terminal, options), outcome));
    },
  },
  resume: {
    label: 'Resume',
    hint: 'let it be raised again',
    fits: ({ held, active, emergency_stop }) => held || !active || emergency_stop,
    run: async ({ controller, terminal, options }, { feature, strategy }) => {
      const question = `Resume ${feature} at which percentage?`;
      const to =
        strategy === 'whitelist' ? undefined : await mayAskPercentage(question, 'empty: as the file says');
      const reason = to === null ? null : await askReason('the resume');
      if (to === null || reason === null) return;
      const input = { feature, percentage: to, reason, agree: agreeTo };
      const outcome = await resumeFeature(controller, input);
      print(terminal, resumeLines(printing(terminal, options), outcome));
    },
  },
  history: {
    label: 'History',
    hint: `the last ${ROWS} rows`,
    fits: always,
    run: async ({ controller, terminal }, { feature }) => {
      const rows = await controller.store.reading((read) => read.history.list({ feature, limit: ROWS }));
      terminal.say(historyText(terminal.style, rows));
    },
  },
  incidents: {
    label: 'Incidents',
    hint: `the last ${ROWS}`,
    fits: always,
    run: async ({ controller, terminal }, { feature }) => {
      const rows = await controller.store.reading((read) => read.incidents.list({ feature, limit: ROWS }));
      terminal.say(incidentsText(terminal.style, rows));
    },
  },
} satisfies Record<string, Action>;

export type ActionName = keyof typeof ACTIONS;

async function takeBack(
  { controller, terminal, options }: Desk,
  { feature, percentage }: FeatureStats,
  to: number | null,
): Promise<void> {
  const reason = await askReason('the rollback');
  const question =
    to === null
      ? `Switch ${feature} off for everyone, now?`
      : `Lower ${feature} from ${percentage}% to ${to}%, now?`;
  if (reason === null || !(await agree(question))) return;
  const outcome = await rollBack(controller, { feature, to, reason });
  print(terminal, rollbackLines(printing(terminal, options), outcome));
}
