import { answerOf } from './post.ts';

/** Calls a URL that expects to be called after every good tick. Throws where it did not take the call. */
export async function beat(url: string): Promise<void> {
  const { ok, status } = await answerOf("the heartbeat's receiver", url, { method: 'POST' });
  if (!ok) throw new Error(`the heartbeat's receiver answered ${status}`);
}
