import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';

/** The workflows that `rollout init` writes, from this repository's `.github/workflows`. */
export const WORKFLOWS = ['plan', 'reconcile', 'health', 'emergency-stop', 'operate', 'report'] as const;

/** The location of the action: `OWNER/REPO@COMMIT`. */
export interface ActionSource {
  repository: string;
  ref: string;
  /** Version name of that commit; null if unknown. */
  version: string | null;
}

export interface WorkflowOptions {
  action: ActionSource;
  /** Default branch of the target repository. */
  branch: string;
  /** Path of the configuration file from that repository's root. */
  file: string;
  /** Set if the repository has the files of several environments; null: the workflows' names carry no environment. */
  environment: string | null;
}

/** Reads `OWNER/REPO@REF`. Throws `usage` for anything else. */
export function parseActionSource(text: string): ActionSource {
  const [, repository, ref] = /^(\w[\w.-]{0,99}\/\w[\w.-]{0,99})@([\w][\w./-]{0,200})$/.exec(text) ?? [];
  if (repository && ref) return { repository, ref, version: null };
  throw new RolloutError('usage', `--action is ${quoted(text)}`, {
    hint: 'it looks like OWNER/REPO@COMMIT, with all 40 digits of the commit',
  });
}

/** Is the action pinned to a commit, so that nobody can replace its code? */
export function isPinned({ ref }: ActionSource): boolean {
  return /^[0-9a-f]{40}$/.test(ref);
}

const CHECKOUT =
  /^ *# The action, which lives in this repository\.\n *- uses: actions\/checkout@.*\n(?: {8,}.*\n)+/gm;
const PERMISSION = /^ *\S+: \S+ # the action, which lives in this repository\n/gm;

/** Returns `rollout` alone or with the environment, the prefix of names of workflows and of GitHub's environments. */
function prefixOf(environment: string | null, between: string): string {
  return environment === null ? 'rollout' : `rollout${between}${environment}`;
}

/** Returns the path of a workflow in the repository. */
export function workflowPath(name: string, environment: string | null): string {
  return `.github/workflows/${prefixOf(environment, '-')}-${name}.yml`;
}

/**
 * Returns the name of a secret or variable of the repository, which all environments see:
 * `ROLLOUT_STAGING_READER_DATABASE_URL`.
 */
function shared(name: string, environment: string | null): string {
  if (environment === null) return `ROLLOUT_${name}`;
  return `ROLLOUT_${environment.toUpperCase().replaceAll('-', '_')}_${name}`;
}

/** Adapts a workflow of this repository for another: the action is used from its home, without a checkout of it. */
export function workflowFor(text: string, { action, branch, file, environment }: WorkflowOptions): string {
  const version = action.version === null ? '' : ` # ${action.version}`;
  const named = text
    .replace(CHECKOUT, '')
    .replace(PERMISSION, '')
    // A job that loses its only permission gets none, as at the top of the file.
    .replace(/^ *permissions:\n(?= {4}\w)/gm, '')
    .replace(/^name: /m, () => `name: ${prefixOf(environment, ' ')} `)
    // Concurrency groups are named after the workflow.
    .replace(/(?<=^ *environment: )rollout$/gm, () => prefixOf(environment, '-'))
    .replaceAll("'rollout'", () => `'${prefixOf(environment, '-')}'`)
    .replaceAll("'rollout-operate'", () => `'${prefixOf(environment, '-')}-operate'`)
    .replaceAll(
      'secrets.ROLLOUT_READER_DATABASE_URL',
      () => `secrets.${shared('READER_DATABASE_URL', environment)}`,
    )
    // A repository has one site, so only one of several environments may publish its report there.
    .replaceAll('vars.ROLLOUT_PAGES', () => `vars.${shared('PAGES', environment)}`)
    .replace(
      /^( *- )uses: \.\/$/gm,
      (_all, indent) => `${indent}uses: ${action.repository}@${action.ref}${version}`,
    )
    .replace('branches: [main]', () => `branches: [${JSON.stringify(branch)}]`);
  if (file === 'rollout.yaml') return named;
  return named.replace(
    /^( *)command: .*$/gm,
    (line, indent) => `${line}\n${indent}file: ${JSON.stringify(file)}`,
  );
}

/** Returns the steps that a program cannot do for a person. */
export function leftToDo({ branch, environment }: Pick<WorkflowOptions, 'branch' | 'environment'>): string[] {
  const own = prefixOf(environment, '-');
  return [
    `an environment "${own}" (Settings, Environments) limited to the branch ${branch}, without reviewers: a stop must not wait for one`,
    `an environment "${own}-operate" limited to the branch ${branch}, for what raises exposure by hand; it may have reviewers`,
    'in both the secret ROLLOUT_DATABASE_URL: postgresql://USER:PASSWORD@HOST:5432/DATABASE, of a role in rollout_controller',
    `for whom a plan moves: the repository secret ${shared('READER_DATABASE_URL', environment)}, of a role in rollout_reader`,
    'Settings, Actions, General: allow GitHub Actions to create pull requests',
    `where ${branch} is protected: a GitHub App that may bypass the protection, or rollback: { via: pull_request } in the file`,
    `commit and push the files, then start the workflow "${prefixOf(environment, ' ')} reconcile" with "migrate" ticked, once`,
  ];
}
