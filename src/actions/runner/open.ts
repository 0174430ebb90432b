import type { ChangeDependencies } from '../../app/operate/change-file.ts';
import type { ActionDatabase } from '../../compose/action.ts';
import { openGithubOf } from '../../compose/environment/github.ts';
import { RolloutError } from '../../errors.ts';
import { askedOnce } from '../../lib/single-flight.ts';
import { words } from '../../report/kept.ts';
import { requireDatabase } from './inputs.ts';
import type { Session } from './session.ts';

export type Github = NonNullable<Awaited<ReturnType<typeof openGithubOf>>>;

/** Dependencies of commands that lower exposure; call `close`, also after an error. */
export interface TakingAway extends ChangeDependencies {
  /** Creates the incidents' issues; null: the input disables issues. */
  tracker: Github['incidents'] | null;
  deployments: Github['deployments'] | null;
  comments: Github['comments'];
  close(): Promise<void>;
}

/** Dependencies of every other command. */
export interface Opened extends TakingAway {
  github: Github;
}

/** Opens the database first; code for GitHub is loaded after that query is sent, so that it does not delay it. */
export async function openWriting(session: Session): Promise<Opened> {
  requireDatabase(session.inputs);
  const database = await session.database();
  try {
    const github = await openGithub(session);
    const { inputs } = session;
    return {
      ...opened(session, database),
      github,
      repository: github.configuration,
      tracker: inputs.issues ? github.incidents : null,
      deployments: inputs.deployments ? github.deployments : null,
      comments: github.comments,
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Opens without any check, and without GitHub until it is used: a stop needs only the database. */
export async function openTakingAway(session: Session): Promise<TakingAway> {
  requireDatabase(session.inputs);
  const database = await session.database();
  const github = askedOnce(() => openGithub(session));
  return {
    ...opened(session, database),
    repository: {
      committed: true,
      readTip: async () => (await github()).configuration.readTip(),
      read: async (via) => (await github()).configuration.read(via),
      settlement: async (...about) => (await github()).configuration.settlement(...about),
      change: async (change) => (await github()).configuration.change(change),
      withdraw: async (branch, why) => (await github()).configuration.withdraw(branch, why),
    },
    tracker: session.inputs.issues
      ? {
          put: async (issue) => (await github()).incidents.put(issue),
          onlyOne: async (issue) => (await github()).incidents.onlyOne(issue),
        }
      : null,
    deployments: session.inputs.deployments
      ? { put: async (deployment) => (await github()).deployments.put(deployment) }
      : null,
    comments: { put: async (...about) => (await github()).comments.put(...about) },
  };
}

function opened({ context }: Session, { store, close }: ActionDatabase) {
  return { store, close, words, actor: context.actor };
}

/** Opens the repository of the run, with the step's token. */
export async function openGithub({ inputs, context, environment, log, warn }: Session): Promise<Github> {
  const github = await openGithubOf({
    file: inputs.file,
    environment: { ...environment, GITHUB_TOKEN: inputs.token },
    log,
    warn,
    defaultBranch: context.defaultBranch,
  });
  if (github) return github;
  throw new RolloutError('usage', 'the input token is empty', {
    hint: 'leave it out: the job has one of its own',
  });
}
