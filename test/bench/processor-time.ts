import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TICKS_A_SECOND = Number(execFileSync('getconf', ['CLK_TCK']));

/** Processor time of a process until now, in milliseconds; of Linux alone. */
export function cpuOf(pid: number): number {
  return milliseconds(fieldsOf(pid).slice(11, 13));
}

/** Milliseconds that a server and its processes took until now, those that ended among them. */
export function cpuOfServer(postmaster: number): number {
  const living = readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) ? [fieldsOf(Number(pid))] : [];
    } catch {
      return []; // it ended meanwhile
    }
  });
  // Fields after the name: parent 1, user and system 11 and 12, of children that ended 13 and 14.
  const children = living.filter((fields) => fields[1] === String(postmaster));
  return milliseconds([
    ...fieldsOf(postmaster).slice(11, 15),
    ...children.flatMap((fields) => fields.slice(11, 13)),
  ]);
}

/** The process to which every process of an embedded server belongs. */
export function postmasterOf({ folder }: { folder: string }): number {
  return Number(readFileSync(join(folder, 'cluster/data/postmaster.pid'), 'utf8').split('\n')[0]);
}

function fieldsOf(pid: number): string[] {
  // The name, in parentheses, may hold blanks.
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
}

function milliseconds(ticks: readonly string[]): number {
  return (ticks.reduce((sum, each) => sum + Number(each), 0) * 1_000) / TICKS_A_SECOND;
}
