/**
 * A worker: takes jobs from standard input, one JSON object a line, routes each by the rollout, processes what
 * comes to its own queue and records how it ended.
 *
 *   DATABASE_URL=postgresql://... npx tsx worker.ts < jobs.ndjson
 *   {"subject": "octocat/hello-world", "timeRange": 1}
 */
import { createInterface } from 'node:readline';
import { createRollout, createRouter, type Job, type Stamp, stampOf } from 'rollout-controller';

const FEATURE = 'hybrid_progressive_capture';

interface CaptureJob extends Job {
  /** For trying out what a failed job does. */
  fails?: boolean;
}

const rollout = await createRollout({ connectionString: process.env.DATABASE_URL });
rollout.on('error', (error) => console.error(`rollout: ${error.message}`));

/** Stands for the queue of a service: what is in it is text, and may be read by another process. */
const queue: string[] = [];

function enqueue(job: CaptureJob, stamp: Stamp | null): void {
  queue.push(JSON.stringify({ job, rollout_stamp: stamp }));
}

/** The names are those that `routing` of the feature uses in rollout.yaml. */
const router = createRouter<CaptureJob>(rollout, {
  inngest: enqueue,
  // In place of githubActions(octokit, ...): a service that is down. The fallback takes its jobs.
  github_actions: () => {
    throw new Error('no runner answers');
  },
});

async function capture({ subject, fails }: CaptureJob): Promise<void> {
  if (fails) throw new Error(`${subject} could not be captured`);
}

/** Processes one entry of the queue. Its stamp says where the outcome counts, whoever processes it and whenever. */
async function work(entry: string): Promise<void> {
  const payload = JSON.parse(entry) as { job: CaptureJob };
  const started = performance.now();
  const end = (ok: boolean, error?: unknown) =>
    rollout.record({ stamp: stampOf(payload), ok, durationMs: performance.now() - started, error });
  try {
    await capture(payload.job);
    end(true);
  } catch (error) {
    end(false, error);
  }
}

const lines = createInterface({ input: process.stdin });
// What was taken is finished and recorded; what was not stays with whoever sends it.
process.once('SIGTERM', () => lines.close());

console.log('ready');
for await (const line of lines) {
  const { processor, arm, fellBack } = await router.send(FEATURE, JSON.parse(line) as CaptureJob);
  console.log(`${arm} job to ${processor}${fellBack ? ', the fallback' : ''}`);
  for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) await work(entry);
}
await rollout.close();
