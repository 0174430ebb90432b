import { spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { node24 } from '../processes/node24.ts';
import { patience } from '../run/pace.ts';
import { type Heard, heardIn, outputsIn } from './commands.ts';
import { type Contexts, filled } from './expressions.ts';
import type { Step } from './read.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** What a step did, as its runner knows it. */
export interface RanStep extends Heard {
  uses: string;
  /** What the workflow gave the action, empty values left out. */
  given: Record<string, string>;
  code: number;
  outputs: Record<string, string>;
  summary: string;
  /** All that it printed, before anything is masked. */
  raw: string;
}

/** Where a step runs. */
export interface Surrounding {
  workspace: string;
  /** A folder for the files by which a step talks to its runner. */
  temp: string;
  /** `GITHUB_...` and what else every step sees. */
  environment: Record<string, string>;
  contexts: Contexts;
  /** The Node that runs the action; left out, the one of GitHub where it is installed. */
  node?: string;
}

/** The action of this repository by its `action.yml`, on the Node that GitHub has where it is installed. */
export async function runOwnAction(step: Step, surrounding: Surrounding): Promise<RanStep> {
  const action = parse(await readFile(join(ROOT, 'action.yml'), 'utf8'));
  const inputs: Record<string, string> = {};
  for (const [name, { default: usual }] of Object.entries<{ default?: unknown }>(action.inputs)) {
    inputs[name] = await filled(String(step.with?.[name] ?? usual ?? ''), surrounding.contexts);
  }
  const own = Object.entries(inputs).filter(
    ([name, value]) => step.with?.[name] !== undefined && value !== '',
  );
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const program = [surrounding.node ?? node24 ?? process.execPath, join(ROOT, action.runs.main)];
  const ran = await runProgram(step, program, {
    ...surrounding,
    environment: { ...surrounding.environment, ...Object.fromEntries(given) },
  });
  return { ...ran, given: Object.fromEntries(own) };
}

/** Runs a program with the files and variables of a step. */
export async function runProgram(
  step: Step,
  [program = '', ...args]: readonly string[],
  { workspace, temp, environment, contexts }: Surrounding,
): Promise<RanStep> {
  const folder = await mkdtemp(join(temp, 'step-'));
  const files = {
    GITHUB_OUTPUT: 'output',
    GITHUB_STEP_SUMMARY: 'summary',
    GITHUB_ENV: 'env',
    GITHUB_STATE: 'state',
  };
  const env: Record<string, string> = { PATH: process.env.PATH ?? '', ...environment };
  for (const [name, file] of Object.entries(files)) {
    env[name] = join(folder, file);
    await writeFile(env[name], '');
  }
  for (const [name, value] of Object.entries(step.env ?? {}))
    env[name] = await filled(String(value), contexts);
  const { code, raw } = await printed(program, args, { cwd: workspace, env });
  return {
    uses: step.uses ?? '',
    given: {},
    code,
    raw,
    ...heardIn(raw),
    outputs: outputsIn(await readFile(env.GITHUB_OUTPUT ?? '', 'utf8')),
    summary: await readFile(env.GITHUB_STEP_SUMMARY ?? '', 'utf8'),
  };
}

const LONGEST_MS = patience(100_000);

function printed(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string> },
): Promise<{ code: number; raw: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_MS,
    });
    let raw = '';
    const hear = (text: string) => (raw += text);
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 1, raw: signal ? `${raw}\nended by ${signal}` : raw }),
    );
  });
}
