import { variablesOf } from '../../../domain/notify/route.ts';
import type { Finding } from '../../../domain/report/finding.ts';
import { type Facts, type FileFacts, failed, notAsked, ok, warning } from './finding.ts';

export function fileFindings({ file: asked, state }: Facts): Finding[] {
  if (!asked.ok) return [notAsked('file', 'failed', asked)];
  const { path, problems, environment, ...file } = asked.value;
  const [first, ...others] = problems.filter(({ severity }) => severity === 'error');
  if (first) {
    const { line, message } = first;
    return [failed('file', { code: 'file_invalid', path, line, message, more: others.length })];
  }
  const valid = { code: 'file_valid', path, warnings: problems.length } as const;
  const findings = [problems.length === 0 ? ok('file', valid) : warning('file', valid)];
  const stored = state?.ok ? state.value.environment : null;
  if (stored !== null && environment !== null && stored !== environment) {
    const differs = { code: 'environment_differs', file: environment, database: stored } as const;
    findings.push(failed('environment', differs));
  }
  return [...findings, ...receiverFindings(file)];
}

/** Variables of the routes that this environment lacks; empty without routes. */
function receiverFindings({ routes }: Pick<FileFacts, 'routes'>): Finding[] {
  const missing = new Map<string, Finding>();
  for (const { receiver } of routes) {
    if (receiver.ok) continue;
    const { variable, problem } = receiver;
    missing.set(variable, warning('notify', { code: 'receiver_missing', variable, problem }));
  }
  if (missing.size > 0 || routes.length === 0) return [...missing.values()];
  const variables = new Set(routes.flatMap(({ route }) => variablesOf(route)));
  return [ok('notify', { code: 'receivers_set', variables: [...variables] })];
}
