import { setAutoRollback } from '../../app/operate/auto-rollback.ts';
import { changeList, showList } from '../../app/operate/lists.ts';
import { resumeFeature } from '../../app/operate/resume.ts';
import { rollBack } from '../../app/operate/rollback.ts';
import { setPercentage } from '../../app/operate/set.ts';
import { stop } from '../../app/operate/stop.ts';
import { changeTestRepositories } from '../../app/operate/test-repositories.ts';
import { allowFeature } from '../../app/reconcile/allow.ts';
import { categorize } from '../../app/registry/categorize.ts';
import { checkHealth } from '../../app/tick/tick.ts';
import { stats, status } from '../../app/views/status.ts';
import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import { categoriesText } from '../../report/text/categories-text.ts';
import { healthText, scoresText } from '../../report/text/health/health-text.ts';
import {
  changeLines,
  resumeLines,
  rollbackLines,
  stopLines,
} from '../../report/text/outcomes/outcome-text.ts';
import { categorizedLines, movementLines, unmatchedLines } from '../../report/text/outcomes/registry-text.ts';
import { planText } from '../../report/text/plan-text.ts';
import { statsText, statusText } from '../../report/text/status-text.ts';
import { entryLines } from '../commands/list-command.ts';
import { tellIssues } from '../commands/stop.ts';
import { print } from '../terminal/answer.ts';
import { printing } from '../terminal/changing.ts';
import { featureChart } from '../terminal/feature-chart.ts';
import { entriesOf, percentageOf } from './arguments.ts';
import { agreeing, reasonFor, type Session } from './session.ts';
import { shown, textOf } from './shown.ts';

/** Operations that can be typed after `rollout.`: the commands' use cases, for the session's feature. */
export function operations(session: Session) {
  const { controller, terminal, options, feature } = session;
  const { store } = controller;
  const { via } = options;
  const agree = agreeing(session);
  const told = <T extends ChangeOutcome>(outcome: T, more: (into: typeof terminal) => void = () => {}) =>
    shown(
      outcome,
      textOf(terminal, (into) => {
        more(into);
        print(into, changeLines(printing(into, options), outcome));
      }),
    );

  async function markTests(action: 'mark' | 'unmark', ids: unknown) {
    const repositories = entriesOf(ids, action === 'mark' ? 'markAsTest' : 'unmarkAsTest');
    const outcome = await changeTestRepositories(controller, { action, repositories, via, agree });
    const movements = outcome.reconciled?.movements ?? [];
    return told(outcome, (into) => {
      print(into, [...unmatchedLines(into.style, outcome.unmatched), ...movementLines(movements)]);
    });
  }

  async function editWhitelist(action: 'add' | 'remove', ids: unknown) {
    const entries = entriesOf(ids, action === 'add' ? 'addToWhitelist' : 'removeFromWhitelist');
    const input = { list: 'whitelist' as const, action, feature, entries, via, agree };
    const outcome = await changeList(controller, input);
    return told(outcome, (into) => print(into, unmatchedLines(into.style, outcome.unmatched)));
  }

  async function takeBack(to: number | null, given: unknown) {
    const reason = await reasonFor(session, 'rollback', given);
    const outcome = await rollBack(controller, { feature, to, reason, via });
    return shown(
      outcome,
      textOf(terminal, (into) => print(into, rollbackLines(printing(into, options), outcome))),
    );
  }

  async function switchAutoRollback(enabled: boolean) {
    return told(await setAutoRollback(controller, { feature, enabled, via, reason: undefined }));
  }

  return {
    status: async () => {
      const result = await status(store);
      return shown(result, statusText(terminal.style, result));
    },
    stats: async () => {
      const result = await stats(store, feature);
      const chart = await featureChart(controller, terminal.style, feature);
      return shown(result, `${statsText(terminal.style, result)}\n${chart}`);
    },
    categories: async () => {
      const result = await store.reading((read) => read.registry.categories());
      return shown(result, categoriesText(terminal.style, result));
    },
    /** Judges and prints without acting; actions are left to the tick. */
    checkHealth: async () => {
      const { environment } = terminal;
      const input = { actor: controller.actor, environment, dryRun: true };
      const { results } = await checkHealth(controller, input, feature);
      const scores = results.length === 0 ? [] : [scoresText(terminal.style, results)];
      return shown(results, [healthText(terminal.style, results), ...scores].join('\n'));
    },
    setRollout: async (percentage: unknown, given?: unknown) => {
      const reason = typeof given === 'string' ? given.trim() || undefined : undefined;
      const to = percentageOf(percentage, 'setRollout');
      return told(await setPercentage(controller, { feature, percentage: to, via, reason, agree }));
    },
    emergencyStop: async (given?: unknown) => {
      const reason = await reasonFor(session, 'stop', given);
      const stopped = await stop(controller, { feature, reason, onWait: terminal.note });
      await tellIssues(terminal, stopped);
      return shown(
        stopped.result,
        textOf(terminal, (into) =>
          print(into, stopLines(printing(into, options), { feature, ...stopped.result })),
        ),
      );
    },
    /** `resume("fixed")`, `resume(10, "fixed")`, or `resume()`, which asks for the reason. */
    resume: async (first?: unknown, second?: unknown) => {
      const [percentage, given] = typeof first === 'string' ? [second, first] : [first, second];
      const to = percentage === undefined ? undefined : percentageOf(percentage, 'resume');
      const reason = await reasonFor(session, 'resume', given);
      const outcome = await resumeFeature(controller, { feature, percentage: to, reason, via, agree });
      return shown(
        outcome,
        textOf(terminal, (into) => print(into, resumeLines(printing(into, options), outcome))),
      );
    },
    /** `allow("agreed")`, or `allow()`, which asks for the reason. */
    allow: async (given?: unknown) => {
      const reason = await reasonFor(session, 'allow', given);
      const reconciled = await allowFeature(controller, { feature, reason, agree });
      const text = reconciled && planText(terminal.style, reconciled, options.file, true);
      return shown({ feature, reconciled }, text ?? 'nothing was changed');
    },
    categorizeAll: async () => {
      const result = await categorize(store, controller.actor);
      return shown(
        result,
        textOf(terminal, (into) => print(into, categorizedLines(result))),
      );
    },
    markAsTest: (...ids: unknown[]) => markTests('mark', ids.flat()),
    unmarkAsTest: (...ids: unknown[]) => markTests('unmark', ids.flat()),
    addToWhitelist: (...ids: unknown[]) => editWhitelist('add', ids.flat()),
    removeFromWhitelist: (...ids: unknown[]) => editWhitelist('remove', ids.flat()),
    showWhitelist: async () => {
      const entries = await showList(store, feature, 'whitelist');
      return shown(
        entries,
        textOf(terminal, (into) => print(into, entryLines(into.style, feature, 'whitelist', entries))),
      );
    },
    enableAutoRollback: () => switchAutoRollback(true),
    disableAutoRollback: () => switchAutoRollback(false),
    rollbackToPercentage: (percentage: unknown, reason?: unknown) =>
      takeBack(percentageOf(percentage, 'rollbackToPercentage'), reason),
    /** Off for all subjects, including the whitelist. */
    rollbackToZero: (reason?: unknown) => takeBack(null, reason),
  };
}

export type Operations = ReturnType<typeof operations>;
