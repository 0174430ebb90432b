import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reconcile } from '../../src/app/reconcile/reconcile.ts';
import { tick } from '../../src/app/tick/tick.ts';
import { type DemoController, openDemo } from '../../src/compose/demo.ts';
import { metricEngineOf } from '../../src/compose/environment/prometheus.ts';
import { receiversOf } from '../../src/compose/environment/receivers.ts';

// From nothing to a rollback on answers with 5xx: a PostgreSQL and a Prometheus of its own, an hour of a shop's requests.
// Run it in a checkout of this repository: npx tsx examples/prometheus/rollback.ts

const FILE = `version: 1
metrics:
  checkout_5xx:
    source: prometheus
    bad: sum by (repo) (increase(http_requests_total{app="shop",code=~"5..",arm="$arm"}[$step]))
    all: sum by (repo) (increase(http_requests_total{app="shop",arm="$arm"}[$step]))
    subject_label: repo
features:
  new_checkout:
    percentage: 50
    guardrails:
      - { metric: checkout_5xx, limit: 1 }
`;

const SCRAPE_SECONDS = 15;
const HOUR = 3_600;

/** Where a program is installed; null: nowhere in the path. */
function installed(name: string): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/**
 * What an exporter counted in the last hour, in the text format of OpenMetrics: ten repositories in each arm, a request a
 * second each. For the last half hour every fifth of treatment is answered with 500.
 */
function requests(now: number): string {
  const lines = ['# TYPE http_requests counter'];
  const begin = now - HOUR - 600;
  const breaksAt = now - HOUR / 2;
  for (const arm of ['treatment', 'control']) {
    for (let repo = 0; repo < 10; repo++) {
      for (const code of ['200', '500']) {
        const labels = `app="shop",arm="${arm}",code="${code}",repo="${arm}-${repo}"`;
        for (let at = begin; at <= now; at += SCRAPE_SECONDS) {
          const broken = arm === 'treatment' ? Math.max(0, at - breaksAt) / 5 : 0;
          const failed = Math.floor((at - begin - broken) * 0.002 + broken);
          lines.push(`http_requests_total{${labels}} ${code === '500' ? failed : at - begin - failed} ${at}`);
        }
      }
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** A Prometheus that has scraped the shop for an hour. */
async function startPrometheus(folder: string, program: string, tool: string) {
  const file = join(folder, 'requests');
  await writeFile(file, requests(Math.floor(Date.now() / 1_000)));
  const data = join(folder, 'prometheus');
  execFileSync(tool, ['tsdb', 'create-blocks-from', 'openmetrics', file, data], { stdio: 'ignore' });
  await writeFile(join(folder, 'prometheus.yml'), `global: { scrape_interval: ${SCRAPE_SECONDS}s }\n`);
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      ...[`--web.listen-address=${address}`, '--log.level=error'],
    ],
    { stdio: 'ignore' },
  );
  const url = `http://${address}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}`);
    if (
      await fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return { url, stop: () => child.kill() };
    await sleep(100);
  }
}

async function rollBackOn5xx(controller: DemoController, file: string, url: string): Promise<void> {
  await controller.save(FILE, 'new_checkout at 50%');
  await reconcile(controller, { actor: 'example', allowRewind: false, revision: null });
  console.log('new_checkout is live at 50%, with this guardrail: at most 1% of the answers are 5xx.');
  // So that the hour is one of the rollout, and not of before it.
  await controller.passTime(1);
  console.log(
    `An hour goes by; Prometheus at ${url} has scraped it. In the second half every fifth answer is a 500.`,
  );
  const engine = metricEngineOf({ ROLLOUT_PROMETHEUS_URL: url });
  const printed: string[] = [];
  const print = ({ severity, message }: { severity: string; message: string }) =>
    printed.push(`${severity}: ${message}`);
  await tick(
    { ...controller, receivers: receiversOf({}), engine, print },
    { actor: 'example', environment: {}, holder: randomUUID() },
  );
  console.log(`One tick, and what it notifies of:\n  ${printed.join('\n  ')}`);
  const [row] = await controller.sql('select is_active from rollout_configuration');
  console.log(
    `In the database new_checkout is ${row?.is_active === false ? 'off' : 'on'}. The file says now:\n`,
  );
  console.log(await readFile(file, 'utf8'));
}

async function main(): Promise<number> {
  const [program, tool] = [installed('prometheus'), installed('promtool')];
  if (program === null || tool === null) {
    console.error('no prometheus and promtool on this machine; on Debian: apt-get install prometheus');
    return 1;
  }
  const folder = await mkdtemp(join(tmpdir(), 'rollout-prometheus-'));
  // Run by root, PostgreSQL has a user of its own, who must be able to enter.
  await chmod(folder, 0o755);
  const file = join(folder, 'rollout.yaml');
  console.log(`A PostgreSQL and a Prometheus of its own are started in ${folder}.`);
  const controller = await openDemo(folder, file, () => undefined);
  try {
    const prometheus = await startPrometheus(folder, program, tool);
    try {
      await rollBackOn5xx(controller, file, prometheus.url);
      return 0;
    } finally {
      prometheus.stop();
    }
  } finally {
    await controller.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

process.exitCode = await main();
