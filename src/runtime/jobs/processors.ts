import type { Job, Stamp } from '../host/job.ts';
import { readStamp } from '../record/stamp.ts';
import type { Processor } from './router.ts';

/** Under which name a stamp travels in a payload. */
const FIELD = 'rollout_stamp';

/** As much of Inngest's client as is used: the official SDK's (`inngest` 3 and 4) fits. */
export interface InngestLike {
  send(event: { name: string; data: Record<string, unknown>; id?: string }): Promise<unknown>;
}

/**
 * Sends a job as an event of Inngest. Its data are the job and the stamp (`stampOf(event.data)` in the function);
 * the stamp's id is the event's, so that an event that is sent twice runs once.
 */
export function inngest<J extends Job>(client: InngestLike, eventName: string): Processor<J> {
  return (job, stamp) =>
    client.send({
      name: eventName,
      data: { ...(job as object), [FIELD]: stamp },
      ...(stamp ? { id: stamp.id } : {}),
    });
}

/** As much of octokit as is used: `@octokit/rest` and the `github` of actions/github-script fit. */
export interface OctokitLike {
  rest: {
    actions: {
      createWorkflowDispatch(parameters: {
        owner: string;
        repo: string;
        workflow_id: string | number;
        ref: string;
        inputs?: Record<string, string>;
      }): Promise<unknown>;
    };
  };
}

export interface WorkflowTarget<J extends Job> {
  owner: string;
  repo: string;
  /** File name or number of the workflow. */
  workflow: string | number;
  /** Branch or tag that it runs on. */
  ref: string;
  /** Its inputs; by default `job`, the job as JSON. GitHub refuses an input that the workflow does not declare. */
  inputs?: (job: J) => Record<string, string>;
}

/**
 * Starts a workflow of GitHub Actions for a job. The stamp is the input `rollout_stamp`, as JSON: declare it in the
 * workflow, and read it there with `stampOf(process.env.ROLLOUT_STAMP)` or the like.
 */
export function githubActions<J extends Job>(octokit: OctokitLike, target: WorkflowTarget<J>): Processor<J> {
  const { owner, repo, workflow, ref, inputs = (job: J) => ({ job: JSON.stringify(job) }) } = target;
  return (job, stamp) =>
    octokit.rest.actions.createWorkflowDispatch({
      owner,
      repo,
      workflow_id: workflow,
      ref,
      inputs: { ...inputs(job), [FIELD]: stamp ? JSON.stringify(stamp) : '' },
    });
}

/**
 * The stamp in a payload: in its field `rollout_stamp`, or the payload itself, as an object or as JSON. Null where
 * there is none; `record` takes that too.
 */
export function stampOf(payload: unknown): Stamp | null {
  const value = parsed(payload);
  if (typeof value !== 'object' || value === null) return null;
  return readStamp(parsed((value as Record<string, unknown>)[FIELD])) ?? readStamp(value);
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
