/**
 * Processor time of the bundled command line until it ends, beside its own files one by one with the packages that they
 * import, and a bare start of Node.
 *
 *   npm run build:lib && npx tsx test/bench/command-start.ts [runs]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useEmbedded } from '../../src/store/embedded/embedded.ts';
import { print } from './table.ts';

const [runs = '11'] = process.argv.slice(2);
const ROOT = join(import.meta.dirname, '../..');
const COMMANDS = [['--version'], ['status'], ['validate'], ['plan', '--help'], ['serve', '--help']];

/** Has a process say at its end how long it computed, in milliseconds, at the end of standard error. */
const METER = `data:text/javascript,process.on('exit',()=>{const{user,system}=process.cpuUsage();process.stderr.write(' '+(user+system)/1e3)})`;

/** The sources as JavaScript, file by file. */
function compiledTo(folder: string): string {
  const compiler = [join(ROOT, 'node_modules/typescript/bin/tsc'), '--project', 'tsconfig.build.json'];
  execFileSync(process.execPath, [...compiler, '--outDir', join(folder, 'lib')], { cwd: ROOT });
  for (const name of ['package.json', 'node_modules', 'migrations', 'schema'])
    symlinkSync(join(ROOT, name), join(folder, name));
  return join(folder, 'lib/cli/main.js');
}

const folder = mkdtempSync(join(tmpdir(), 'command-start-'));
const database = await useEmbedded(join(folder, 'database'), { durable: false });
try {
  const [bundled, files] = [join(ROOT, 'lib/cli/main.js'), compiledTo(folder)];
  writeFileSync(join(folder, 'rollout.yaml'), 'version: 1\nfeatures:\n  one: { percentage: 10 }\n');
  const env = { PATH: process.env.PATH, DATABASE_URL: database.connectionString };
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', METER, ...args], { cwd: folder, env, encoding: 'utf8' }).stderr;
  run(bundled, 'migrate');
  run(bundled, 'reconcile');
  for (const args of COMMANDS) {
    const works = [
      ['-e', '0'],
      [bundled, ...args],
      [files, ...args],
    ];
    const times: number[][] = works.map(() => []);
    for (let turn = 0; turn < Number(runs); turn++)
      for (const [index, work] of works.entries()) times[index]?.push(Number(/\S+$/.exec(run(...work))?.[0]));
    const medians = times.map(
      (each) => each.sort((a, b) => a - b)[Math.floor(each.length / 2)] ?? Number.NaN,
    );
    const named = ['bare node', 'bundled', 'file by file'];
    print(
      `rollout ${args.join(' ')}`,
      medians.map((milliseconds, index) => ({ what: named[index] ?? '', milliseconds })),
    );
  }
} finally {
  await database.leave();
  rmSync(folder, { recursive: true });
}
