import { answerOf } from './post.ts';

/** Calls the URL of a monitor that expects a call after every successful tick. Throws if the call failed. */
export async function beat(url: string): Promise<void> {
  const { ok, status } = await answerOf("the heartbeat's receiver", url, { method: 'POST' });
  if (!ok) throw new Error(`the heartbeat's receiver answered ${status}`);
}
