import type { Told } from '../../app/incidents/incident-issues.ts';
import type { TakingAway } from '../runner/open.ts';
import type { Annotation } from '../runner/session.ts';

/**
 * Updates what people see of a change on GitHub: issues of incidents, and deployments. Failures wait for the next run,
 * because the database already has the change.
 */
export async function afterwards(opened: TakingAway): Promise<Annotation[]> {
  const { tellIncidents } = await import('../../app/incidents/incident-issues.ts');
  const { tellMerged } = await import('../../app/incidents/merged-outcome.ts');
  const waiting = annotationsOf(await tellIncidents(opened));
  const merged = annotationsOf(await tellMerged(opened));
  return [...waiting, ...merged, ...(await deployed(opened))];
}

/** Updates only deployments: closing issues also deletes branches, which a job that only reconciles may not do. */
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
