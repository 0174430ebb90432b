/** Returns whether it has nothing left to do. */
type Ending = () => Promise<boolean>;

/** Everything that has to be done before the process ends. */
const endings = new Set<Ending>();
let installed = false;

/**
 * Does `ending` when the process has nothing else to do, and when it is told to end. Returns how to take it back.
 *
 * Handlers of the host stay what they are: where it has one for SIGTERM, ending the process is its business, and
 * it should wait for `close`. Where it has none, the process ends as it would have, after the last flush.
 */
export function beforeEnd(ending: Ending): () => void {
  endings.add(ending);
  if (!installed) {
    installed = true;
    process.on('beforeExit', onBeforeExit);
    // First in line: a handler that the host added with `once` is gone from the list when its turn is over.
    process.prependListener('SIGTERM', onTerminate);
  }
  return () => {
    endings.delete(ending);
    if (endings.size > 0 || !installed) return;
    installed = false;
    process.off('beforeExit', onBeforeExit);
    process.off('SIGTERM', onTerminate);
  };
}

/** What an ending starts keeps the process until it is over; then this is asked again, and has nothing to do. */
function onBeforeExit(): void {
  for (const ending of endings) {
    void ending().then((done) => {
      // Once more would be for ever: the database is away, and its time is over.
      if (!done) endings.delete(ending);
    });
  }
}

function onTerminate(): void {
  const alone = process.listenerCount('SIGTERM') === 1;
  const ended = endAll();
  if (!alone) return;
  void ended.then(() => {
    process.off('SIGTERM', onTerminate);
    installed = false;
    process.kill(process.pid, 'SIGTERM');
  });
}

async function endAll(): Promise<void> {
  await Promise.allSettled([...endings].map((ending) => ending()));
}
