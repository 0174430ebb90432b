import { RolloutError } from '../../errors.ts';
import { randomId } from '../../lib/portable/uuid.ts';
import type { Job, Routed, Stamp } from '../host/job.ts';
import type { Rollout } from '../host/rollout.ts';

/**
 * Passes a job to its processor: resolves once the job is enqueued, or has run. The stamp travels in the job's payload;
 * null if no outcome can count.
 */
export type Processor<J extends Job = Job> = (job: J, stamp: Stamp | null) => unknown;

/** Result of a sent job. */
export interface Sent extends Routed {
  /** True: its processor could not take it, and `processor` is the fallback. */
  readonly fellBack: boolean;
}

export interface Router<J extends Job = Job> {
  /**
   * Routes a job and passes it on. If a treatment's processor throws, the fallback takes the job: that is the job's
   * only treatment outcome, a failure of that processor, and the fallback's run counts in the arm `fallback`. Throws if
   * no processor took it.
   */
  send(feature: string, job: J): Promise<Sent>;
}

/**
 * Creates a router over processors, by the names that `routing` in rollout.yaml uses.
 *
 *     const router = createRouter(rollout, {
 *       inngest: inngest(client, 'capture/requested'),
 *       github_actions: githubActions(octokit, { owner, repo, workflow: 'capture.yml', ref: 'main' }),
 *     });
 *     await router.send('hybrid_progressive_capture', { subject: repositoryId, timeRange: 30 });
 */
export function createRouter<J extends Job>(
  rollout: Rollout,
  processors: Readonly<Record<string, Processor<J>>>,
): Router<J> {
  return {
    send: async (feature, job) => {
      const routed = rollout.route(feature, job);
      const { processor, fallback, arm, stamp } = routed;
      try {
        await processorOf(processors, processor)(job, stamp);
        return { ...routed, fellBack: false };
      } catch (error) {
        // It may have taken the job and lost the answer: then the first end that the database receives counts.
        if (stamp) rollout.record({ stamp, ok: false, error });
        if (arm === 'control' || fallback === processor) throw error;
        const instead = stamp && fallbackStamp(stamp, fallback);
        await fallBack(rollout, processorOf(processors, fallback), { job, stamp: instead, first: error });
        return { ...routed, processor: fallback, job_class: 'fallback', stamp: instead, fellBack: true };
      }
    },
  };
}

async function fallBack<J extends Job>(
  rollout: Rollout,
  processor: Processor<J>,
  { job, stamp, first }: { job: J; stamp: Stamp | null; first: unknown },
): Promise<void> {
  try {
    await processor(job, stamp);
  } catch (error) {
    if (stamp) rollout.record({ stamp, ok: false, error });
    throw new AggregateError([first, error], 'neither the processor nor its fallback took the job');
  }
}

/** The fallback's run of a failed job is a separate outcome, which no judgement reads. */
function fallbackStamp(stamp: Stamp, processor: string): Stamp {
  return { ...stamp, id: randomId(), processor, arm: 'fallback', job_class: 'fallback' };
}

function processorOf<J extends Job>(
  processors: Readonly<Record<string, Processor<J>>>,
  name: string,
): Processor<J> {
  const found = Object.hasOwn(processors, name) ? processors[name] : undefined;
  if (typeof found === 'function') return found;
  throw new RolloutError('usage', `this application has no processor ${JSON.stringify(name)}`, {
    hint: `it has ${Object.keys(processors).join(', ') || 'none'}; \`routing\` in rollout.yaml names another`,
  });
}
