import { type Project, project } from '../projects/project.ts';
import { inventTenFeatures } from './report-features.ts';

/** A project with ten features, each in another state. */
export async function tenFeatures(): Promise<Project> {
  const one = await project();
  await inventTenFeatures(one.db.pool, one.apply);
  return one;
}
