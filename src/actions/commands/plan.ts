import type { AskedEngine } from '../../app/ports/metric-engine.ts';
import { UNNAMED } from '../../app/proposal-branch.ts';
import { type ProposalDependencies, planProposal } from '../../app/proposals/plan-proposal.ts';
import type { ActionDatabase } from '../../compose/action.ts';
import { planEngineOf } from '../../compose/environment/prometheus.ts';
import type { PlanResult } from '../../domain/plan/result.ts';
import { heartbeatIsStale } from '../../domain/spec/heartbeat.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { harmless } from '../../lib/text.ts';
import { planGuardrailsJson } from '../../report/json/plan-guardrails-json.ts';
import { words } from '../../report/kept.ts';
import { planComment, planSummary } from '../../report/markdown/plan-comment.ts';
import { styleOf } from '../../report/style/style.ts';
import { planText } from '../../report/text/plan-text.ts';
import { planExit, wouldChange } from '../../report/words/exits.ts';
import { type PlannedGuardrailLike, planJson } from '../../report/words/plan-model.ts';
import { plannedGuardrailSentences } from '../../report/words/simulation/planned-guardrails.ts';
import { ago } from '../../report/words/words.ts';
import { commentKey } from '../proposals/plan-check.ts';
import { baseOf, proposedFile, tipOf } from '../proposals/proposed-file.ts';
import { headOf, putCheck } from '../proposals/put-check.ts';
import { mayNameSubjects, withoutNames } from '../runner/names.ts';
import { type Github, openGithub } from '../runner/open.ts';
import { type ActionEntry, type Annotation, EXIT, type Session } from '../runner/session.ts';
import { planAnnotations, planChart } from './plan-lines.ts';

/**
 * Plans the effects of merging this file: as a comment, a check, a summary, annotations and outputs. Writes nothing
 * else.
 */
export const run: ActionEntry = async (session) => {
  const { inputs, context, environment } = session;
  const opening = tryDatabase(session);
  const file = await proposedFile(session);
  const { store, database, note } = await opening;
  try {
    const github = await openGithub(session);
    const { tip, note: unread } = await tipOf(github);
    const base = await baseOf(github, context);
    // The queries of a fork come from a stranger, whatever the job's environment contains.
    const engine: AskedEngine = context.pullRequest?.fork ? 'fork' : planEngineOf(environment);
    const deps = { store, repository: github.configuration, words, engine };
    const found = await planProposal(deps, { file, tip, base });
    const guardrails = new Map(found.outlooks.map((one) => [one.feature, one.guardrails]));
    const plan = withoutNames(found.plan, mayNameSubjects(inputs, context));
    const notes = [note, unread, ...found.notes, ...notesOn(session, plan)].filter((one) => one !== '');
    const like = {
      ...{ plan, outlooks: found.outlooks, notes },
      environment: plan.environment === UNNAMED ? null : plan.environment,
      from: {
        head: headOf(context),
        branch: context.defaultBranch,
        tip: tip?.revision ?? null,
        generation: plan.generation,
      },
    };
    session.log(planText(styleOf(false), plan, inputs.file, false));
    const { generation, global_stop, heartbeat } = plan;
    return {
      exit: found.failed ? EXIT.error : planExit(plan),
      needsPerson: null,
      annotations: [
        ...planAnnotations(plan, inputs.file),
        ...found.notes.map((message): Annotation => ({ severity: 'error', message })),
        ...unasked(guardrails),
        ...(await comment(session, github, planComment(like), found.changed)),
        ...(await putCheck(session, github, { ...found, plan }, { tip, notes })),
      ],
      summary: `${planSummary(like)}\n${planChart(plan)}`,
      outputs: {
        changed: wouldChange(plan),
        plan: { ...planJson(plan), ...planGuardrailsJson(guardrails), generation, global_stop, heartbeat },
      },
    };
  } finally {
    await database?.close();
  }
};

const LONGEST_MESSAGE = 600;

/** An engine that did not answer prevents no merge. */
function unasked(planned: ReadonlyMap<string, readonly PlannedGuardrailLike[]>): Annotation[] {
  return [...planned].flatMap(([feature, guardrails]) =>
    plannedGuardrailSentences(feature, guardrails)
      .filter(({ warning }) => warning)
      .map(
        ({ text }): Annotation => ({
          severity: 'warning',
          title: 'No back-test',
          message: harmless(text, LONGEST_MESSAGE),
        }),
      ),
  );
}

/**
 * Opens the database; null without one: a plan that compares files is better than a check that fails for a stranger.
 */
async function tryDatabase({ inputs, database, log }: Session): Promise<{
  store: ProposalDependencies['store'];
  database: ActionDatabase | null;
  note: string;
}> {
  if (inputs.databaseUrl === '')
    return { store: { without: 'any', now: new Date() }, database: null, note: WITHOUT };
  try {
    const opened = await database();
    return { store: opened.store, database: opened, note: '' };
  } catch (error) {
    if (!(error instanceof RolloutError) || !error.code.startsWith('database_')) throw error;
    log(error.hint ? `${error.message}; ${error.hint}` : error.message);
    // The error's message may name the server, which does not belong into a comment.
    const note = `${WITHOUT} (${error.code.replaceAll('_', ' ')}; the log says more)`;
    return { store: { without: 'away', now: new Date() }, database: null, note };
  }
}

const WITHOUT =
  'Compared with the file on the default branch, without a database: whom it moves and what is held is not known';

function notesOn({ context }: Session, plan: PlanResult): string[] {
  const { pullRequest, defaultBranch } = context;
  const { heartbeat, now } = plan;
  const elsewhere = pullRequest && defaultBranch !== null && pullRequest.base !== defaultBranch;
  return [
    heartbeat && now && heartbeatIsStale(heartbeat, now)
      ? `The scheduled controller last ran ${ago(heartbeat, now)} ago: nothing is judged or rolled back meanwhile`
      : '',
    elsewhere
      ? `This goes to ${pullRequest.base}: nothing of it counts before it is on ${defaultBranch}`
      : '',
  ];
}

/**
 * Writes one comment per file, since a repository may have several, and edits it in place. A pull request that does not
 * change the file gets none, but an existing one is updated. A failure to write it is reported without failing the
 * check.
 */
async function comment(
  { inputs, context }: Session,
  github: Github,
  body: string,
  changed: boolean,
): Promise<Annotation[]> {
  const { pullRequest } = context;
  if (!pullRequest || pullRequest.fork || inputs.comment === 'never') return [];
  try {
    const only_edit = inputs.comment === 'changed' && !changed;
    await github.comments.put(pullRequest.number, { key: commentKey(inputs), body, only_edit });
    return [];
  } catch (error) {
    const why = errorText(error);
    return [{ severity: 'warning', title: 'No comment', message: `the plan is in the summary only: ${why}` }];
  }
}
