import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { markOf } from '../facts.ts';
import { textAt } from '../files.ts';
import type { Ground } from '../ground.ts';

/**
 * 14. Two environments in one repository: what the controller does for the one touches nothing of the other, be it the
 * database, the file, a branch, an issue, a pull request or a deployment. Their names tell whose they are: a branch
 * and the marker of an issue have the environment in them. (When an issue came tells nothing: a server may write it after
 * its answer.)
 */
export class Aside {
  readonly #ground: Ground;
  #before: Record<string, string> = {};

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** Before a step of the other environment. */
  async begin(): Promise<void> {
    this.#before = await this.#all();
  }

  /** `byPeople`: what people did in Git may move files, branches and pull requests of both. */
  async end(byPeople: boolean): Promise<string[]> {
    const { environment } = this.#ground;
    const after = await this.#all();
    const watched = byPeople ? ['database', 'issues', 'deployments'] : Object.keys(after);
    return watched
      .filter((what) => after[what] !== this.#before[what])
      .map(
        (what) =>
          `14 environments: a step of another environment changed the ${what} of ${environment}: ${this.#before[what]} -> ${after[what]}`,
      );
  }

  async #all(): Promise<Record<string, string>> {
    const { db, origin, environment, path, shared } = this.#ground;
    const database = await markOf(db);
    if (!origin) return { database };
    const branch = `rollout/${environment}/`;
    const pulls = origin.pulls().filter(({ head }) => head.startsWith(branch));
    const issues = origin
      .issues()
      .filter(({ body }) => body?.startsWith(`<!-- rollout: incident ${environment}/`));
    const talk = (number: number) => origin.comments(number).length;
    return {
      database,
      file: (await textAt(origin, path, shared.branch)) ?? '',
      branches: await refsBelow(join(origin.dir, 'refs/heads', branch)),
      pulls: JSON.stringify(
        pulls.map((one) => [one.number, one.state, one.head_sha, one.body, talk(one.number)]),
      ),
      issues: JSON.stringify(
        issues.map((one) => [one.number, one.state, one.title, one.body, talk(one.number)]),
      ),
      deployments: JSON.stringify(
        origin.deployments().filter((one) => one.environment.includes(environment)),
      ),
    };
  }
}

/** Branches in a folder of a bare repository, which packs none of them during a walk. */
async function refsBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  const all = await Promise.all(files.sort().map(async (file) => [file, await readFile(file, 'utf8')]));
  return JSON.stringify(all);
}
