import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gitEnvironment, temporaryFolder } from '../projects/git.ts';
import type { Shown } from './commands.ts';
import { filled, type Going, holds } from './expressions.ts';
import { type Job, readWorkflow, type Step, type Workflow } from './read.ts';
import { type RanStep, runOwnAction, type Surrounding } from './step.ts';

const run = promisify(execFile);

/** What happened in the repository, as GitHub tells a run of it. */
export interface GithubEvent {
  name: string;
  /** The event's payload; `repository` is added. */
  payload: Record<string, unknown>;
  ref: string;
  sha: string;
  actor: string;
  /** Of a dispatch. */
  inputs?: Record<string, unknown>;
  /** From a fork: the token may only read, and there are no secrets. */
  fork?: boolean;
}

/** The repository as the runner meets it. */
export interface Host {
  name: string;
  defaultBranch: string;
  isPrivate: boolean;
  /** Folder of its bare git repository. */
  dir: string;
  /** GITHUB_API_URL and the like, with a token of these powers. */
  environment(powers: Record<string, 'read' | 'write' | 'none'>): Record<string, string>;
  secrets: Record<string, string>;
  /** Secrets of an environment, which the default branch alone gets. */
  environmentSecrets: Record<string, Record<string, string>>;
  vars: Record<string, string>;
  /** The Node that runs the action. */
  node?: string;
}

export interface RanJob {
  conclusion: 'success' | 'failure' | 'skipped';
  steps: RanStep[];
}

/** A run of a workflow, told together. */
export interface Ran {
  conclusion: 'success' | 'failure';
  jobs: Record<string, RanJob>;
  annotations: Shown[];
  summary: string;
  /** Outputs of all steps; a later one counts. */
  outputs: Record<string, string>;
  /** As people see it. */
  log: string;
  /** Everything printed, nothing masked but the lines that ask for it. */
  raw: string;
  /** What was handed to an action that is only noted: pages and the like. */
  handed: { uses: string; with: Record<string, string> }[];
  /** Folder of the first job. */
  workspace: string;
}

let runs = 0;

/** Runs a workflow as GitHub would: its conditions, its permissions as the token's powers, step after step. */
export async function runWorkflow(name: string, text: string, host: Host, event: GithubEvent): Promise<Ran> {
  const workflow = await readWorkflow(name, text);
  if (!(event.name in workflow.on)) throw new Error(`${name} does not run on ${event.name}`);
  const ran: Ran = {
    ...{
      conclusion: 'success',
      jobs: {},
      annotations: [],
      summary: '',
      outputs: {},
      log: '',
      raw: '',
      handed: [],
      workspace: '',
    },
  };
  runs += 1;
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const needed = [job.needs ?? []].flat().map((need) => ran.jobs[need]?.conclusion);
    const going: Going = needed.includes('failure') ? 'failure' : 'success';
    const skipped =
      needed.includes('skipped') || !(await holds(job.if, contextsOf(workflow, host, event, {}), going));
    ran.jobs[id] = skipped
      ? { conclusion: 'skipped', steps: [] }
      : await runJob(workflow, job, host, event, ran);
    if (ran.jobs[id].conclusion === 'failure') ran.conclusion = 'failure';
  }
  return ran;
}

async function runJob(
  workflow: Workflow,
  job: Job,
  host: Host,
  event: GithubEvent,
  ran: Ran,
): Promise<RanJob> {
  const done: RanJob = { conclusion: 'success', steps: [] };
  const environment = await environmentOf(workflow, job, host, event);
  const secrets = secretsFor(environment, host, event);
  if (secrets === null) {
    ran.annotations.push({
      severity: 'error',
      message: `${event.ref} is not allowed to deploy to ${environment}`,
    });
    return { conclusion: 'failure', steps: [] };
  }
  const powers = powersOf(job, event.fork === true);
  const { GITHUB_TOKEN: token = '', ...urls } = host.environment(powers);
  const contexts = contextsOf(workflow, host, event, { secrets, token });
  const place = await surroundingFor(event, host, urls, contexts);
  ran.workspace = ran.workspace || place.workspace;
  for (const step of job.steps) {
    if (!(await holds(step.if, contexts, done.conclusion === 'failure' ? 'failure' : 'success'))) continue;
    const one = await runStep(step, place, host, event, ran);
    if (!one) continue;
    done.steps.push(one);
    ran.annotations.push(...one.annotations);
    ran.summary += one.summary;
    Object.assign(ran.outputs, one.outputs);
    ran.log += `${one.log.join('\n')}\n`;
    ran.raw += one.raw.replace(/^::add-mask::.*$/gm, '');
    if (one.code !== 0) done.conclusion = 'failure';
  }
  return done;
}

async function runStep(
  step: Step,
  place: Surrounding,
  host: Host,
  event: GithubEvent,
  ran: Ran,
): Promise<RanStep | null> {
  const uses = step.uses ?? '';
  if (uses.startsWith('actions/checkout@')) await checkOut(host, event, place.workspace);
  else if (uses === './' || uses.startsWith('acme/rollout@')) return runOwnAction(step, place);
  else {
    const given: Record<string, string> = {};
    for (const [name, value] of Object.entries(step.with ?? {}))
      given[name] = await filled(String(value), place.contexts);
    ran.handed.push({ uses, with: given });
  }
  return null;
}

/** The environment of a job, which may be named by an expression; null: it has none. */
async function environmentOf(
  workflow: Workflow,
  { environment }: Job,
  host: Host,
  event: GithubEvent,
): Promise<string | null> {
  if (environment === undefined) return null;
  return filled(environment, contextsOf(workflow, host, event, {}));
}

/** Null: this branch gets none of them, and the job does not begin. */
function secretsFor(
  environment: string | null,
  host: Host,
  event: GithubEvent,
): Record<string, string> | null {
  if (event.fork) return {};
  const own = environment === null ? {} : host.environmentSecrets[environment];
  const limited = environment !== null && environment in host.environmentSecrets;
  if (limited && event.ref !== `refs/heads/${host.defaultBranch}`) return null;
  return { ...host.secrets, ...own };
}

function powersOf({ permissions = {} }: Job, fork: boolean): Record<string, 'read' | 'write' | 'none'> {
  if (!fork) return permissions;
  return Object.fromEntries(
    Object.entries(permissions).map(([power, level]) => [power, level === 'write' ? 'read' : level]),
  );
}

function contextsOf(
  workflow: Workflow,
  host: Host,
  event: GithubEvent,
  { secrets = {}, token = '' }: { secrets?: Record<string, string>; token?: string },
) {
  return {
    github: {
      ...{
        event_name: event.name,
        ref: event.ref,
        ref_name: event.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
      },
      ...{ sha: event.sha, actor: event.actor, repository: host.name, token, workflow: workflow.name },
      event: payloadOf(host, event),
    },
    inputs: inputsOf(workflow, event),
    ...{ secrets, vars: host.vars, env: {}, steps: {}, needs: {}, job: {}, runner: {} },
  };
}

/** What a form leaves out has its default. */
function inputsOf(workflow: Workflow, { name, inputs = {} }: GithubEvent): Record<string, unknown> {
  if (name !== 'workflow_dispatch') return {};
  const known = workflow.on.workflow_dispatch?.inputs ?? {};
  for (const given of Object.keys(inputs)) {
    if (!(given in known)) throw new Error(`${workflow.name} has no input ${given}`);
  }
  return Object.fromEntries(
    Object.entries(known).map(([key, input]) => [
      key,
      inputs[key] ?? input.default ?? (input.type === 'boolean' ? false : ''),
    ]),
  );
}

function payloadOf(host: Host, event: GithubEvent): Record<string, unknown> {
  // A schedule is told nothing of the repository.
  if (event.name === 'schedule') return event.payload;
  const repository = { full_name: host.name, default_branch: host.defaultBranch, private: host.isPrivate };
  return { repository, ...event.payload, ...(event.inputs ? { inputs: event.inputs } : {}) };
}

async function surroundingFor(
  event: GithubEvent,
  host: Host,
  urls: Record<string, string>,
  contexts: Surrounding['contexts'],
): Promise<Surrounding> {
  const temp = await temporaryFolder();
  const workspace = join(temp, 'workspace');
  await mkdir(workspace);
  const payload = join(temp, 'event.json');
  await writeFile(payload, JSON.stringify(payloadOf(host, event)));
  return {
    ...{ temp, workspace, contexts },
    ...(host.node === undefined ? {} : { node: host.node }),
    environment: {
      ...urls,
      ...{
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        RUNNER_OS: 'Linux',
        RUNNER_TEMP: temp,
        GITHUB_WORKSPACE: workspace,
      },
      ...{
        GITHUB_EVENT_NAME: event.name,
        GITHUB_EVENT_PATH: payload,
        GITHUB_REF: event.ref,
        GITHUB_SHA: event.sha,
      },
      ...{
        GITHUB_ACTOR: event.actor,
        GITHUB_TRIGGERING_ACTOR: event.actor,
        GITHUB_RUN_ID: String(1_000 + runs),
      },
    },
  };
}

async function checkOut(host: Host, event: GithubEvent, workspace: string): Promise<void> {
  const git = (...args: string[]) =>
    run('git', args, { cwd: workspace, env: { PATH: process.env.PATH, ...gitEnvironment } });
  await git('init', '--quiet');
  await git('fetch', '--quiet', '--depth=1', host.dir, event.sha);
  await git('checkout', '--quiet', '--detach', 'FETCH_HEAD');
}
