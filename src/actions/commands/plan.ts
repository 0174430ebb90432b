import type { Tip } from '../../app/ports/configuration-repository.ts';
import type { AskedEngine } from '../../app/ports/metric-engine.ts';
import { UNNAMED } from '../../app/proposal-branch.ts';
import {
  type PlannedProposal,
  type Proposal,
  type ProposalDependencies,
  planProposal,
} from '../../app/proposals/plan-proposal.ts';
import type { ActionDatabase } from '../../compose/action.ts';
import { readConfigurationFile } from '../../compose/environment/files.ts';
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
import { checkedEnvironment, checkName, commentKey, planCheck } from '../proposals/plan-check.ts';
import type { Context } from '../runner/context.ts';
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
        ...(await check(session, github, { ...found, plan }, { tip, notes })),
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

/** Reads the file, or the reason why it cannot be read, such as its deletion. */
async function proposedFile({ inputs: { file: path }, context }: Session): Promise<Tip | RolloutError> {
  try {
    return { path, content: await readConfigurationFile(path), revision: context.sha };
  } catch (error) {
    if (error instanceof RolloutError) return error;
    throw error;
  }
}

/** Reads the file to compare with. If GitHub is unreachable, errors of the file are reported nevertheless. */
async function tipOf({ configuration }: Github): Promise<{ tip: Tip | null; note: string }> {
  try {
    return { tip: await configuration.readTip(), note: '' };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    if (error.code === 'file_missing') return { tip: NO_FILE, note: '' };
    return { tip: null, note: `The default branch could not be read: ${error.message}` };
  }
}

/** Base of a branch without a file. */
const NO_FILE = { path: 'no file', content: Buffer.from('version: 1\nfeatures: {}\n'), revision: null };

/**
 * Reads the file that the proposal started from. The checkout is a trial merge, whose first parent is the base; the tip
 * may have moved since. A merge queue that rebases has several commits on its base, and names the base.
 */
async function baseOf(github: Github, { sha, mergeGroup }: Context): Promise<Proposal['base']> {
  try {
    const parent = mergeGroup?.onto ?? (await github.parentOf(sha));
    return parent === null ? 'unknown' : await github.fileAt(parent);
  } catch (error) {
    if (error instanceof RolloutError) return 'unknown';
    throw error;
  }
}

/**
 * Returns the commit that people and branch protection look at: for a pull request, the head of its branch instead of
 * the trial merge.
 */
function headOf({ pullRequest, sha }: Context): string {
  return pullRequest?.head ?? sha;
}

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

/**
 * Writes the check that branch protection can require. A fork's token may not: a run on the default branch writes it,
 * because that run only reads the proposed file and executes nothing of it.
 */
async function check(
  { inputs, context }: Session,
  github: Github,
  planned: PlannedProposal,
  { tip, notes }: { tip: Tip | null; notes: readonly string[] },
): Promise<Annotation[]> {
  if (!inputs.check) return [];
  const elsewhere = aboutAnother(context);
  if (elsewhere !== null) return [{ severity: 'notice', title: 'No check', message: elsewhere }];
  const environment = checkedEnvironment(planned.plan, tip);
  const name = checkName(environment);
  if (context.pullRequest?.fork) {
    const message = `a pull request from a fork may not write the check ${name}: the next health run writes it`;
    return [{ severity: 'notice', title: 'No check yet', message }];
  }
  try {
    const about = { head: headOf(context), file: inputs.file, environment, url: context.run, notes };
    await github.checks.put(planCheck(planned, about));
    return [];
  } catch (error) {
    const message = `the check ${name} is not written: ${refusalText(error)}`;
    return [{ severity: 'warning', title: 'No check', message }];
  }
}

/**
 * Reason for writing no check; null for a merge into the default branch. A check belongs to a commit, not to a pull
 * request: a check for a merge into another branch would also pass for a merge into the default branch.
 */
function aboutAnother({ pullRequest, mergeGroup, defaultBranch }: Context): string | null {
  const base = pullRequest?.base ?? mergeGroup?.base ?? null;
  if (base === null) return 'a check needs a pull request or a merge queue, and this run has neither';
  if (base === defaultBranch) return null;
  return `a check says what merging into ${defaultBranch ?? 'the default branch'} would do, and this goes to ${base}`;
}

function refusalText(error: unknown): string {
  const hint = error instanceof RolloutError && error.hint ? `; ${error.hint}` : '';
  return errorText(error) + hint;
}
