/** Returns whether there is nothing left to do. */
type Ending = () => Promise<boolean>;

/** Signals by which a person or a supervisor ends a process; each ends it unless there is a listener. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** Work to do before the process ends, from every copy of this module in it. */
interface Registry {
  readonly endings: Set<Ending>;
  /** Removes the handlers; null while there are none. */
  uninstall: (() => void) | null;
}

// An application may contain this module more than once: two versions, or bundled and not. They share one handler.
const REGISTRY = Symbol.for('rollout-controller/exit/1');
const holder = (typeof process === 'object' ? process : {}) as { [REGISTRY]?: Registry };
holder[REGISTRY] ??= { endings: new Set(), uninstall: null };
const registry: Registry = holder[REGISTRY];

/**
 * Calls `ending` when the process has nothing else to do, and when it receives a signal. Returns a function that undoes
 * this.
 *
 * The process then ends as it would without the library, after the last flush: by the signal if nobody handles it, or
 * by the host's own handler, which should wait for `close`.
 */
export function beforeEnd(ending: Ending): () => void {
  // A browser or a worker runtime has no end that could be awaited.
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

/**
 * Work started in `beforeExit` keeps the process alive; afterwards the event comes again, when nothing is left to do.
 */
function onBeforeExit(): void {
  for (const ending of registry.endings) {
    void ending().then((done) => {
      // A repetition would never end: the database is unreachable, and the time is over.
      if (!done) registry.endings.delete(ending);
    });
  }
}

/**
 * Milliseconds within which a repeated signal is the same one: a terminal and npm, which passes signals on, often
 * deliver it twice.
 */
const SAME_SIGNAL_MS = 1_000;
/** When the process began to end; null: it has not. */
let endingSince: number | null = null;

class SignalHandler {
  readonly #signal: Signal;
  #removed = false;
  /** True: a `once` listener that was added before this one has already handled the signal. */
  #handled = false;

  constructor(signal: Signal) {
    this.#signal = signal;
    process.on('removeListener', this.#onRemoved);
    // Added first: a handler that the host added with `once` leaves the list after its turn.
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
      // A repeated signal: its sender does not want to wait for the flush.
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
    // Some listeners end the process if they are the only one. While this signal is handled, the list must look as it
    // would without the library.
    process.off(this.#signal, this.#onSignal);
    setImmediate(() => {
      if (!this.#removed) process.prependListener(this.#signal, this.#onSignal);
    });
  };

  /** Acts as if nobody had listened: `signal-exit` runs the host's hooks, or the default ends the process. */
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
 * Counts listeners of the package `signal-exit`, versions 3 and 4, a dependency of very many packages: each acts on a
 * signal only if it finds no listener but its own, so beside this one it leaves the end to the library. It registers a
 * count that all its copies can see.
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
