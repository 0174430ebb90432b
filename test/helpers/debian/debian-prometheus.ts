import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '../projects/git.ts';
import { atEnd } from '../run/at-end.ts';

/** Is Debian's Prometheus installed, with its tool? Where it is not, a test of it is skipped and says so. */
export const DEBIAN_PROMETHEUS = ['prometheus', 'promtool'].every((name) => existsSync(`/usr/bin/${name}`));

/** Kills a program and waits until it is gone. */
export async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode === null && child.kill('SIGKILL')) await gone;
}

/** A counter over time, in the text format of OpenMetrics. */
export interface Counter {
  name: string;
  labels: Record<string, string>;
  /** Seconds since 1970, and what was counted until then. */
  samples: readonly (readonly [at: number, total: number])[];
}

export interface Prometheus {
  url: string;
  /** Samples that come late, as by a remote write that was behind. */
  add(counters: readonly Counter[]): Promise<void>;
  /** Kills it, as a machine that is lost. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A Prometheus on loopback that has scraped these counters. */
export async function prometheusWith(counters: readonly Counter[]): Promise<Prometheus> {
  const folder = await temporaryFolder();
  const [data, port] = [join(folder, 'data'), await freePort()];
  const write = async (given: readonly Counter[]) => {
    await writeFile(join(folder, 'counters'), openMetrics(given));
    // One block: promtool reads the whole file again for each, and by default makes twelve a day.
    const block = ['create-blocks-from', '--max-block-duration=240h'];
    execFileSync('/usr/bin/promtool', ['tsdb', ...block, 'openmetrics', join(folder, 'counters'), data], {
      stdio: 'ignore',
    });
  };
  await write(counters);
  await writeFile(join(folder, 'prometheus.yml'), 'global: { scrape_interval: 15s }\n');
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  const start = async () => {
    const started = spawn(
      '/usr/bin/prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    child = started;
    atEnd(() => ended(started));
    while (started.exitCode === null) {
      const ready = await fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`prometheus ended with ${started.exitCode}`);
  };
  await start();
  const stop = () => (child ? ended(child) : Promise.resolve());
  const add = async (late: readonly Counter[]) => {
    // It reads its blocks when it starts.
    await stop();
    await write(late);
    await start();
  };
  return { url, add, start, stop };
}

function openMetrics(counters: readonly Counter[]): string {
  const lines: string[] = [];
  for (const name of new Set(counters.map((one) => one.name))) {
    lines.push(`# TYPE ${name.replace(/_total$/, '')} counter`);
    for (const { labels, samples } of counters.filter((one) => one.name === name)) {
      const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      for (const [at, total] of samples) lines.push(`${name}{${text.join(',')}} ${total} ${at}`);
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
