import type { Told } from '../../app/incidents/incident-issues.ts';
import type { TakingAway } from '../runner/open.ts';
import type { Annotation } from '../runner/session.ts';

/**
 * What people see of a change on GitHub: issues of incidents, and deployments. What fails waits for the next run: the
 * database has it already.
 */
export async function afterwards(opened: TakingAway): Promise<Annotation[]> {
  const { tellIncidents } = await import('../../app/incidents/incident-issues.ts');
  const { tellMerged } = await import('../../app/incidents/merged-outcome.ts');
  const waiting = annotationsOf(await tellIncidents(opened));
  const merged = annotationsOf(await tellMerged(opened));
  return [...waiting, ...merged, ...(await deployed(opened))];
}

/** Deployments alone: what closes issues also tidies up branches, which a job that only reconciles may not do. */
export async function deployed({ store, deployments, words }: TakingAway): Promise<Annotation[]> {
  const { tellDeployments } = await import('../../app/tick/deployments.ts');
  return annotationsOf(await tellDeployments({ store, deployments, words }));
}

function annotationsOf({ problems, warnings }: Told): Annotation[] {
  return [
    ...problems.map((message): Annotation => ({ severity: 'warning', title: 'Not told yet', message })),
    ...warnings.map((message): Annotation => ({ severity: 'warning', title: 'Switched off', message })),
  ];
}
