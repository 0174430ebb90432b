import { heartbeatIsStale } from '../../../domain/spec/heartbeat.ts';
import type { RepositoryFacts } from '../../ports.ts';
import { type Facts, type Finding, failed, notAsked, ok, warning } from './finding.ts';

/** The heartbeat tells whether ticks come, and GitHub whether its schedule is still on. */
export function scheduleFindings({ state, github }: Facts): Finding[] {
  const findings: Finding[] = [];
  if (state?.ok) {
    const { heartbeat_at, global_stop, now } = state.value;
    if (global_stop)
      findings.push(
        warning(
          'stop',
          `everything is stopped: ${global_stop.reason}`,
          'rollout resume --all --reason "..."',
        ),
      );
    if (heartbeat_at === null)
      findings.push(warning('tick', 'none has run yet', 'rollout tick, or start the workflow health'));
    else if (heartbeatIsStale(heartbeat_at, now))
      findings.push(
        failed(
          'tick',
          `the last one ran at ${heartbeat_at.toISOString()}: nothing is judged or rolled back`,
          'start the workflow health, and look at its last run',
        ),
      );
    else findings.push(ok('tick', `the last one ran at ${heartbeat_at.toISOString()}`));
  } else if (state) findings.push(notAsked('tick', 'unknown', state));
  const workflows = github?.ok ? github.value.workflows : null;
  const ticks = findings.some(({ what, state }) => what === 'tick' && state === 'ok');
  if (workflows) findings.push(workflowFinding(workflows, ticks));
  return findings;
}

function workflowFinding(workflows: NonNullable<RepositoryFacts['workflows']>, ticks: boolean): Finding {
  const health = workflows.find(({ path }) => /(^|\/)(rollout-)?health\.ya?ml$/.test(path));
  if (!health && ticks) return ok('schedule', 'no workflow health.yml, but ticks come from elsewhere');
  if (!health) return failed('schedule', 'the repository has no workflow health.yml', 'rollout init');
  if (health.state === 'active') return ok('schedule', `${health.path} is on`);
  // GitHub switches schedules off after 60 days without a commit in public repositories.
  return failed(
    'schedule',
    `${health.path} is ${health.state.replaceAll('_', ' ')}`,
    `gh workflow enable ${health.path.split('/').at(-1)}`,
  );
}
