import type { Fleet, FleetJob } from './job.ts';

/** An observer of a fleet, called as each event happens. */
export interface Watcher<Handle> {
  /** Called when a job begins; the returned handle identifies it later. */
  began(job: FleetJob): Handle;
  /** Called when the job ended, at second `at`. */
  ended(job: FleetJob, handle: Handle, at: number): void;
  /** True ends the replay. */
  done(): boolean;
}

interface Pending<Handle> {
  at: number;
  job: FleetJob;
  handle: Handle;
}

/**
 * Plays the beginnings and ends of jobs in the order of time, up to second `until`; jobs that end later remain open.
 */
export function replay<Handle>(fleet: Fleet, watcher: Watcher<Handle>, until = Infinity): void {
  const heap: Pending<Handle>[] = [];
  const endUpTo = (at: number) => {
    for (let next = heap[0]; next && next.at <= at && !watcher.done(); next = heap[0]) {
      pop(heap);
      watcher.ended(next.job, next.handle, next.at);
    }
  };
  for (const job of fleet) {
    if (job.at >= until) break;
    endUpTo(job.at);
    if (watcher.done()) return;
    push(heap, { at: job.at + job.seconds, job, handle: watcher.began(job) });
  }
  endUpTo(until);
}

function push<Handle>(heap: Pending<Handle>[], entry: Pending<Handle>): void {
  let place = heap.push(entry) - 1;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = heap[parent] as Pending<Handle>;
    if (above.at <= entry.at) break;
    heap[place] = above;
    place = parent;
  }
  heap[place] = entry;
}

function pop<Handle>(heap: Pending<Handle>[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if (
      child + 1 < heap.length &&
      (heap[child + 1] as Pending<Handle>).at < (heap[child] as Pending<Handle>).at
    )
      child += 1;
    if ((heap[child] as Pending<Handle>).at >= last.at) break;
    heap[place] = heap[child] as Pending<Handle>;
    place = child;
  }
  heap[place] = last;
}
