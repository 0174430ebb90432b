import type { Routes } from './answers.ts';
import { actionRoutes } from './routes-actions.ts';
import { checkRoutes } from './routes-checks.ts';
import { deploymentRoutes } from './routes-deployments.ts';
import { gitRoutes } from './routes-git.ts';
import { issueRoutes } from './routes-issues.ts';
import { pullRoutes } from './routes-pulls.ts';
import { repositoryRoutes } from './routes-repository.ts';

/** Operations by their id. */
export const ROUTES: Routes = {
  ...repositoryRoutes,
  ...gitRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...checkRoutes,
  ...deploymentRoutes,
  ...actionRoutes,
};
