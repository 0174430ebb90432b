import type { Finding } from '../../../domain/report/finding.ts';
import { heartbeatIsStale } from '../../../domain/spec/heartbeat.ts';
import type { State } from '../../../store/configuration/state.ts';
import type { RepositoryFacts } from '../../ports/repository-facts.ts';
import { type Facts, failed, notAsked, ok, warning } from './finding.ts';

/** The heartbeat shows whether ticks run, and GitHub whether its schedule is on. */
export function scheduleFindings({ state, github }: Facts): Finding[] {
  const findings: Finding[] = [];
  if (state?.ok) {
    const { global_stop: stop } = state.value;
    if (stop) findings.push(warning('stop', { code: 'stopped', reason: stop.reason }));
    findings.push(tickFinding(state.value));
  } else if (state) findings.push(notAsked('tick', 'unknown', state));
  const workflows = github?.ok ? github.value.workflows : null;
  const ticks = findings.some(({ code }) => code === 'tick_ran');
  if (workflows) findings.push(workflowFinding(workflows, ticks));
  return findings;
}

function tickFinding({ heartbeat_at: at, now }: State): Finding {
  if (at === null) return warning('tick', { code: 'tick_never' });
  return heartbeatIsStale(at, now)
    ? failed('tick', { code: 'tick_late', at })
    : ok('tick', { code: 'tick_ran', at });
}

function workflowFinding(workflows: NonNullable<RepositoryFacts['workflows']>, ticks: boolean): Finding {
  const health = workflows.find(({ path }) => /(^|\/)(rollout-)?health\.ya?ml$/.test(path));
  if (!health && ticks) return ok('schedule', { code: 'schedule_elsewhere' });
  if (!health) return failed('schedule', { code: 'schedule_missing' });
  const { path, state } = health;
  if (state === 'active') return ok('schedule', { code: 'schedule_on', path });
  // In public repositories GitHub disables schedules after 60 days without a commit.
  return failed('schedule', { code: 'schedule_off', path, workflow_state: state });
}
