import type { Tip } from '../../app/ports.ts';
import { UNNAMED } from '../../app/proposal-branch.ts';
import type { Outlook } from '../../app/views/change-preview.ts';
import type { ActionDatabase } from '../../compose/action.ts';
import { readConfigurationFile } from '../../compose/environment/files.ts';
import type { PlanResult } from '../../domain/plan/result.ts';
import { heartbeatIsStale } from '../../domain/spec/heartbeat.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { words } from '../../report/kept.ts';
import { planComment, planSummary } from '../../report/markdown/plan-comment.ts';
import { styleOf } from '../../report/style/style.ts';
import { planText } from '../../report/text/plan-text.ts';
import { planExit, wouldChange } from '../../report/words/exits.ts';
import { planJson } from '../../report/words/plan-model.ts';
import { ago } from '../../report/words/words.ts';
import type { Context } from '../runner/context.ts';
import { mayNameSubjects, withoutNames } from '../runner/names.ts';
import { type Github, openGithub } from '../runner/open.ts';
import type { ActionEntry, Annotation, Session } from '../runner/session.ts';
import { planAnnotations, planChart } from './plan-lines.ts';

/** What merging this file would change, and whom: as a comment, a summary, annotations and outputs. Writes nothing else. */
export const run: ActionEntry = async (session) => {
  const { inputs, context } = session;
  const opening = tryDatabase(session);
  const file = await proposedFile(session);
  const { database, note } = await opening;
  try {
    const github = await openGithub(session);
    const { tip, note: unread } = await baseOf(github);
    const found = await planned(database, github, tip, file);
    const plan = withoutNames(found.plan, mayNameSubjects(inputs, context));
    const like = {
      plan,
      outlooks: found.outlooks,
      notes: [note, unread, ...found.notes, ...notesOn(session, plan)].filter((one) => one !== ''),
      environment: plan.environment === UNNAMED ? null : plan.environment,
      from: {
        head: context.pullRequest?.head ?? context.sha,
        branch: context.defaultBranch,
        tip: tip?.revision ?? null,
        generation: plan.generation,
      },
    };
    session.log(planText(styleOf(false), plan, inputs.file, false));
    const { generation, global_stop, heartbeat } = plan;
    return {
      exit: found.exit ?? planExit(plan),
      needsPerson: null,
      annotations: [
        ...planAnnotations(plan, inputs.file),
        ...found.notes.map((message): Annotation => ({ severity: 'error', message })),
        ...(await comment(session, github, planComment(like), () => isChanged(github, context, tip, file))),
      ],
      summary: `${planSummary(like)}\n${planChart(plan)}`,
      outputs: {
        changed: wouldChange(plan),
        plan: { ...planJson(plan), generation, global_stop, heartbeat },
      },
    };
  } finally {
    await database?.close();
  }
};

/** Null where there is none to be asked: a plan that compares files is better than a check that fails for a stranger. */
async function tryDatabase({
  inputs,
  database,
  log,
}: Session): Promise<{ database: ActionDatabase | null; note: string }> {
  if (inputs.databaseUrl === '') return { database: null, note: WITHOUT };
  try {
    return { database: await database(), note: '' };
  } catch (error) {
    if (!(error instanceof RolloutError) || !error.code.startsWith('database_')) throw error;
    log(sentence(error));
    // Its message may name the server, which is nobody's business in a comment.
    return { database: null, note: `${WITHOUT} (${error.code.replaceAll('_', ' ')}; the log says more)` };
  }
}

const WITHOUT =
  'Compared with the file on the default branch, without a database: whom it moves and what is held is not known';

/** The file, or why there is none to be read, as where it was deleted. */
async function proposedFile({ inputs: { file: path }, context }: Session): Promise<Tip | RolloutError> {
  try {
    return { path, content: await readConfigurationFile(path), revision: context.sha };
  } catch (error) {
    if (error instanceof RolloutError) return error;
    throw error;
  }
}

interface Base {
  /** Null: the branch has no file, or nobody could be asked. */
  tip: Tip | null;
  note: string;
}

/** What the file is compared with. A GitHub that is away keeps nobody from learning of mistakes in the file. */
async function baseOf({ configuration }: Github): Promise<Base> {
  try {
    return { tip: await configuration.readTip(), note: '' };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    if (error.code === 'file_missing') return { tip: NO_FILE, note: '' };
    return { tip: null, note: `The default branch could not be read: ${error.message}` };
  }
}

/** What a branch without a file is compared with. */
const NO_FILE = { path: 'no file', content: Buffer.from('version: 1\nfeatures: {}\n'), revision: null };

interface Planned {
  plan: PlanResult;
  outlooks: Outlook[];
  notes: string[];
  /** Where the plan itself does not say how this ends. */
  exit: 1 | null;
}

async function planned(
  database: ActionDatabase | null,
  { configuration: repository }: Github,
  tip: Tip | null,
  text: Tip | RolloutError,
): Promise<Planned> {
  const { nothingPlanned, planAgainstFile, planFile, validated } = await import(
    '../../app/reconcile/plan.ts'
  );
  if (text instanceof RolloutError) {
    const note = `Nothing could be reconciled after this: ${sentence(text)}`;
    return { plan: nothingPlanned([], null), outlooks: [], notes: [note], exit: 1 };
  }
  try {
    if (!database) {
      const plan = tip ? planAgainstFile(tip, text, new Date(), words) : validated(text);
      return { plan, outlooks: [], notes: [], exit: null };
    }
    const { store } = database;
    const plan = await planFile({ store, repository, words }, text);
    const { outlooks } = await import('../../app/views/change-preview.ts');
    return { plan, outlooks: await outlooks({ store, words }, text, plan.changes), notes: [], exit: null };
  } catch (error) {
    // Said in the comment too: an older plan that stayed there would be believed.
    if (!(error instanceof RolloutError) || error.code.startsWith('database_')) throw error;
    return { plan: validated(text), outlooks: [], notes: [sentence(error)], exit: 1 };
  }
}

function sentence({ message, hint }: RolloutError): string {
  return hint ? `${message}; ${hint}` : message;
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
 * Does the pull request change the file? What is checked out is its trial merge, whose first parent is the base; the
 * tip may have gone on since.
 */
async function isChanged(
  github: Github,
  { sha }: Context,
  tip: Tip | null,
  file: Tip | RolloutError,
): Promise<boolean> {
  const proposed = file instanceof RolloutError ? null : file.content;
  if (tip && tip !== NO_FILE && isSame(tip.content, proposed)) return false;
  const base = await github.parentOf(sha);
  return base === null || !isSame(await github.fileAt(base), proposed);
}

function isSame(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0;
}

/**
 * Written once and edited in place, one for each file, since a repository may have several. A pull request that leaves
 * the file alone gets none, but one that is there is brought up to date. What keeps it from being written is said, and
 * the check does not fail for it.
 */
async function comment(
  { inputs, context }: Session,
  github: Github,
  body: string,
  changed: () => Promise<boolean>,
): Promise<Annotation[]> {
  const { pullRequest } = context;
  if (!pullRequest || pullRequest.fork || inputs.comment === 'never') return [];
  try {
    const only_edit = inputs.comment === 'changed' && !(await changed());
    await github.comments.put(pullRequest.number, { key: `plan of ${inputs.file}`, body, only_edit });
    return [];
  } catch (error) {
    const why = errorText(error);
    return [{ severity: 'warning', title: 'No comment', message: `the plan is in the summary only: ${why}` }];
  }
}
