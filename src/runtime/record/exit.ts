/** Returns whether it has nothing left to do. */
type Ending = () => Promise<boolean>;

/** By these a person or a supervisor tells a process to end; each ends it unless somebody listens. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** Everything that has to be done before the process ends, of every copy of this module in it. */
interface Registry {
  readonly endings: Set<Ending>;
  /** Takes the handlers back; null while there are none. */
  uninstall: (() => void) | null;
}

// An application may hold this module more than once: two versions, or bundled and not. They share one handler.
const REGISTRY = Symbol.for('rollout-controller/exit/1');
const holder = (typeof process === 'object' ? process : {}) as { [REGISTRY]?: Registry };
holder[REGISTRY] ??= { endings: new Set(), uninstall: null };
const registry: Registry = holder[REGISTRY];

/**
 * Does `ending` when the process has nothing else to do, and when it is told to end. Returns how to take it back.
 *
 * The process ends as it would without the library, after the last flush: by the signal where nobody handles it, and
 * by the host's own handler, which should wait for `close`, where the host has one.
 */
export function beforeEnd(ending: Ending): () => void {
  // A browser or a worker runtime has no end that could be waited for.
  if (typeof process !== 'object' || typeof process.prependListener !== 'function') return () => {};
  registry.endings.add(ending);
  registry.uninstall ??= install();
  return () => {
    registry.endings.delete(ending);
    if (registry.endings.size > 0) return;
    registry.uninstall?.();
    registry.uninstall = null;
  };
}

function install(): () => void {
  const handlers = SIGNALS.map((signal) => new SignalHandler(signal));
  process.on('beforeExit', onBeforeExit);
  return () => {
    process.off('beforeExit', onBeforeExit);
    for (const handler of handlers) handler.remove();
  };
}

/** Work that starts in `beforeExit` keeps the process alive; afterwards the event comes again, and nothing is left to do. */
function onBeforeExit(): void {
  for (const ending of registry.endings) {
    void ending().then((done) => {
      // Once more would be for ever: the database is away, and its time is over.
      if (!done) registry.endings.delete(ending);
    });
  }
}

/** A signal is often delivered twice at once, as by a terminal and by npm, which passes it on. */
const SAME_SIGNAL_MS = 1_000;
/** When the process began to end; null: it does not. */
let endingSince: number | null = null;

class SignalHandler {
  readonly #signal: Signal;
  #removed = false;
  /** A listener left in the dispatch that is going on: it was added by `once`, before ours, and had its turn. */
  #handled = false;

  constructor(signal: Signal) {
    this.#signal = signal;
    process.on('removeListener', this.#onRemoved);
    // First in line: a handler that the host added with `once` is gone from the list when its turn is over.
    process.prependListener(signal, this.#onSignal);
  }

  remove(): void {
    this.#removed = true;
    process.off('removeListener', this.#onRemoved);
    process.off(this.#signal, this.#onSignal);
  }

  readonly #onRemoved = (event: string | symbol, listener: unknown): void => {
    if (event !== this.#signal || listener === this.#onSignal) return;
    this.#handled = true;
    queueMicrotask(() => {
      this.#handled = false;
    });
  };

  readonly #onSignal = (): void => {
    if (endingSince !== null) {
      // Told again: whoever waits for the flush does not want to.
      if (performance.now() - endingSince > SAME_SIGNAL_MS) this.#endNow();
      return;
    }
    const others = process.listenerCount(this.#signal) - 1;
    if (!this.#handled && others === signalExitListeners()) {
      endingSince = performance.now();
      void endAll().then(() => this.#endNow());
      return;
    }
    void endAll();
    // Some listeners end the process where they are the only one. Whoever looks while this signal is dealt with
    // finds the list as it would be without the library.
    process.off(this.#signal, this.#onSignal);
    setImmediate(() => {
      if (!this.#removed) process.prependListener(this.#signal, this.#onSignal);
    });
  };

  /** As if nobody had listened: `signal-exit` runs the host's hooks, or the default ends the process. */
  #endNow(): void {
    registry.uninstall?.();
    registry.uninstall = null;
    process.kill(process.pid, this.#signal);
  }
}

async function endAll(): Promise<void> {
  await Promise.allSettled([...registry.endings].map((ending) => ending()));
}

/**
 * Listeners of the package `signal-exit`, versions 3 and 4, which half of npm brings along: each handles a signal only
 * where it finds no listener but its own, so beside ours it leaves the end to us. It counts itself where all its
 * copies can see it.
 */
function signalExitListeners(): number {
  const three: unknown = Reflect.get(process, '__signal_exit_emitter__');
  const four: unknown = Reflect.get(globalThis, Symbol.for('signal-exit emitter'));
  return countOf(three) + countOf(four);
}

function countOf(emitter: unknown): number {
  const count: unknown = typeof emitter === 'object' && emitter !== null ? Reflect.get(emitter, 'count') : 0;
  return typeof count === 'number' ? count : 0;
}
