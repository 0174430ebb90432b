import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRollout } from '../../src/runtime/http/index.ts';

/**
 * Applications of one relay, for `relay-outcomes.ts`. `record`: one application that records so many outcomes a second.
 * `poll`: so many that ask for the snapshot every second. Says that it is ready, begins when it is told to, and says what
 * it did.
 */
const [work = '', url = '', token = '', writeToken = '', name = '', count = '0', seconds = '0'] =
  process.argv.slice(2);
const END_MS = Number(seconds) * 1_000;
const FEATURES = 100;
const SUBJECTS = 10_000;
const FAILS = 0.01;
/** Between two looks at how many are due. */
const PACE_MS = 10;

/** At an even pace; what the process was late with follows at once. Returns how many of each feature. */
async function record(rate: number): Promise<object> {
  const rollout = await createRollout({ url, token, writeToken, env: {}, closeMs: 120_000 });
  const sent: number[] = Array.from({ length: FEATURES }, () => 0);
  await told();
  const began = performance.now();
  for (let made = 0; ; await sleep(PACE_MS)) {
    const gone = Math.min(END_MS, performance.now() - began);
    for (const due = Math.floor((rate * gone) / 1_000); made < due; made++) {
      const place = made % FEATURES;
      const ok = Math.random() >= FAILS;
      rollout.record({
        ...{ feature: `feature_${place + 1}`, subject: `subject-${Math.floor(Math.random() * SUBJECTS)}` },
        ...{ processor: name, durationMs: 100, ok, error: ok ? undefined : 'declined' },
      });
      sent[place] = (sent[place] ?? 0) + 1;
    }
    if (gone === END_MS) break;
  }
  const recorded = performance.now() - began;
  await rollout.flush();
  const flushed = performance.now() - began;
  const { dropped } = rollout.state();
  await rollout.close();
  return { sent, dropped, recorded, flushed };
}

async function poll(clients: number): Promise<object> {
  const agent = new Agent({ keepAlive: true });
  let [unchanged, whole] = [0, 0];
  const ask = async (tag: string): Promise<string> => {
    const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip', 'if-none-match': tag };
    const asked = request(`${url}/api/snapshot`, { headers, agent });
    asked.end();
    const [answer] = await once(asked, 'response');
    answer.resume();
    await once(answer, 'end');
    if (answer.statusCode === 304) unchanged += 1;
    else if (answer.statusCode === 200) whole += 1;
    else throw new Error(`the relay answers ${answer.statusCode}`);
    return answer.headers.etag ?? tag;
  };
  await told();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async (_, place) => {
      let tag = '';
      // Evenly over the second, as many applications fall.
      for (let due = (place * 1_000) / clients; due < END_MS; due += 1_000) {
        await sleep(Math.max(0, began + due - performance.now()));
        tag = await ask(tag);
      }
    }),
  );
  agent.destroy();
  return { unchanged, whole };
}

async function told(): Promise<void> {
  process.send?.({});
  await once(process, 'message');
}

process.send?.(work === 'poll' ? await poll(Number(count)) : await record(Number(count)));
process.disconnect();
