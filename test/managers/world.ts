import type { FeatureOptions, ManagerOptions } from '../../src/managers/calls/types.ts';
import { addRepositories, fileOf, type GitProject, gitProject } from '../helpers/projects/project.ts';
import { atEnd } from '../helpers/run/at-end.ts';

export interface ManagerWorld extends GitProject {
  /** What the manager said that is not live. */
  said: string[];
  /** A manager on this database with this file, or with another one; closed for you. */
  open<T extends { close(): Promise<void> }>(
    kind: new (options: ManagerOptions) => T,
    options?: FeatureOptions,
  ): T;
  /** What is committed of one line of the file. */
  committed(pattern: RegExp): Promise<string | undefined>;
  lastMessage(): Promise<string>;
}

/** A git repository with a rollout.yaml, reconciled into a database with ten repositories, two of each size. */
export async function managerWorld(
  features: Record<string, object>,
  rest: object = {},
): Promise<ManagerWorld> {
  const project = await gitProject();
  await addRepositories(project.db, 10);
  await project.commit(fileOf(features, rest), 'begin');
  await project.reconcile();
  const said: string[] = [];
  return {
    ...project,
    said,
    open: (kind, options = {}) => {
      const { file } = project;
      const { connectionString } = project.db;
      const manager = new kind({
        connectionString,
        file,
        environment: {},
        log: (line) => said.push(line),
        ...options,
      });
      atEnd(() => manager.close());
      return manager;
    },
    committed: async (pattern) =>
      pattern.exec(await project.repository.git('show', 'main:rollout.yaml'))?.[0],
    lastMessage: () => project.repository.git('log', '-1', '--format=%B'),
  };
}
