/**
 * The same with Inngest's own SDK: the router sends events, and the function that they start records how it ended.
 * Serve `functions` as Inngest's documentation says for your framework.
 */
import { Inngest } from 'inngest';
import { createRouter, inngest, type Job, type Rollout, stampOf } from 'rollout-controller';

export interface CaptureJob extends Job {
  fails?: boolean;
}

export function captureByInngest(rollout: Rollout, client = new Inngest({ id: 'capture' })) {
  const router = createRouter<CaptureJob>(rollout, {
    inngest: inngest(client, 'capture/requested'),
    // One processor takes both ways until there is another.
    github_actions: inngest(client, 'capture/requested'),
  });
  const capture = client.createFunction(
    // An attempt that failed is not yet the end of the job: here the first one is.
    { id: 'capture', retries: 0, triggers: [{ event: 'capture/requested' }] },
    async ({ event }) => {
      const started = performance.now();
      const stamp = stampOf(event.data);
      try {
        if ((event.data as CaptureJob).fails) throw new Error('it could not be captured');
        rollout.record({ stamp, ok: true, durationMs: performance.now() - started });
      } catch (error) {
        rollout.record({ stamp, ok: false, durationMs: performance.now() - started, error });
        throw error;
      } finally {
        // Where functions run serverless, nothing runs once the answer is given.
        await rollout.flush();
      }
    },
  );
  return { router, functions: [capture] };
}
