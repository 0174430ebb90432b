import type { ConfigurationRepository, FileChange } from '../../src/app/ports/configuration-repository.ts';
import { openWorkingTree } from '../../src/worktree/working-tree.ts';
import { gitEnvironment, gitRepository, type TestRepository } from '../helpers/projects/git.ts';

// What is tested calls git with the environment of this process.
Object.assign(process.env, gitEnvironment);

export const TEXT = `# The desired state.
version: 1

features:
  checkout:                  # the new one
    percentage: 10           # ten
    whitelist: [acme/one]
  search:
    percentage: 50
`;

/** A change that puts one piece of text in the place of another; a text without it is as wanted already. */
export function replacing(from: string, to: string, rest: Partial<FileChange> = {}): FileChange {
  return {
    edit: (text) => ({ text: text.replace(from, to) }),
    via: 'commit',
    branch: 'rollout/hold/checkout',
    title: 'rollout: roll back checkout',
    body: '14 of 20 jobs failed.',
    trailers: ['Rollout-Incident: 12', 'Rollout-Feature: checkout'],
    ...rest,
  };
}

export const TO_ZERO = replacing('percentage: 10 ', 'percentage: 0 ');
export const WITH_ZERO = TEXT.replace('percentage: 10 ', 'percentage: 0 ');

export interface Opened {
  repository: ConfigurationRepository;
  /** Milliseconds of the pauses that were made. */
  pauses: number[];
  log: string[];
}

/** The repository as the controller opens it, with a chance that always falls in the middle and no real pauses. */
export async function open(file: string): Promise<Opened> {
  const pauses: number[] = [];
  const log: string[] = [];
  const repository = await openWorkingTree(file, {
    sleep: async (milliseconds) => {
      pauses.push(milliseconds);
    },
    random: () => 0.5,
    log: (line) => log.push(line),
  });
  return { repository, pauses, log };
}

export async function opened(dir: string, path = 'rollout.yaml'): Promise<ConfigurationRepository> {
  return (await open(`${dir}/${path}`)).repository;
}

/** A repository with the file committed. */
export async function withFile(text = TEXT, path = 'rollout.yaml'): Promise<TestRepository> {
  const repository = await gitRepository();
  await repository.commit({ [path]: text, 'other.txt': 'other\n' }, 'first');
  return repository;
}

/** Lines that a commit changes, without those around them. */
export async function changedLines(repository: TestRepository, commit: string): Promise<string[]> {
  const diff = await repository.git('show', '--format=', '--unified=0', commit);
  return diff.split('\n').filter((line) => /^[+-](?![+-])/.test(line));
}
