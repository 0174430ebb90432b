import { setTimeout as sleep } from 'node:timers/promises';
import { readMetrics } from '../../app/guardrails/read-metrics.ts';
import type { MetricEngine } from '../../app/ports/metric-engine.ts';
import type { Words } from '../../app/ports/words.ts';
import { errorText } from '../../lib/error-text.ts';
import type { Store } from '../../store/store.ts';

interface Reading {
  store: Store;
  words: Pick<Words, 'notice'>;
  engine: MetricEngine;
  log: (line: string) => void;
  /** Milliseconds between two readings; steps close every five minutes. Default: a minute. */
  everyMs?: number;
}

/**
 * Reads the closed steps of every engine metric, as the tick does and in addition to it: each step counts once, and the
 * transaction that records harm rolls back. Harm is thereby seen up to a quarter of an hour earlier. An error is logged
 * once until it changes. Returns a function that ends this.
 */
export function keepReadingMetrics({
  store,
  words,
  engine,
  log,
  everyMs = 60_000,
}: Reading): () => Promise<void> {
  const stop = new AbortController();
  let said: string | null = null;
  const loop = async () => {
    while (!stop.signal.aborted) {
      try {
        await readMetrics({ store, words, engine });
        // Folds waiting increments, and acts on them.
        await store.health.tripFuse();
        said = null;
      } catch (error) {
        const problem = errorText(error);
        if (problem !== said) log(`metrics are left to the tick: ${problem}`);
        said = problem;
      }
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  return () => {
    stop.abort();
    return ended;
  };
}
