import type { Job, Stamp } from '../host/job.ts';
import { readStamp } from '../record/stamp.ts';
import type { Processor } from './router.ts';

/** Name of a stamp's field in a payload. */
const FIELD = 'rollout_stamp';

/** The part of Inngest's client that is used; the official SDK (`inngest` 3 and 4) fits. */
export interface InngestLike {
  send(event: { name: string; data: Record<string, unknown>; id?: string }): Promise<unknown>;
}

/**
 * Sends a job as an Inngest event. Its data are the job and the stamp (`stampOf(event.data)` in the function); the
 * stamp's id is the event's, so an event that is sent twice runs once.
 */
export function inngest<J extends Job>(client: InngestLike, eventName: string): Processor<J> {
  return (job, stamp) =>
    client.send({
      name: eventName,
      data: { ...(job as object), [FIELD]: stamp },
      ...(stamp ? { id: stamp.id } : {}),
    });
}

/** The part of octokit that is used; `@octokit/rest` and the `github` of actions/github-script fit. */
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
  /** Branch or tag of the workflow run. */
  ref: string;
  /**
   * Inputs of the workflow; by default `job`, the job as JSON. GitHub rejects an input that the workflow does not
   * declare.
   */
  inputs?: (job: J) => Record<string, string>;
}

/**
 * Starts a workflow of GitHub Actions for a job. The stamp is the input `rollout_stamp`, as JSON: declare it in the
 * workflow, and read it there, for example with `stampOf(process.env.ROLLOUT_STAMP)`.
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
 * Returns the stamp in a payload: its field `rollout_stamp`, or the payload itself, as an object or as JSON. Null if
 * there is none; `record` accepts that too.
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
