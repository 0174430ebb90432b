import { counted } from '../../../lib/counted.ts';
import { type Facts, type Finding, failed, notAsked, ok, warning } from './finding.ts';

export function fileFindings({ file: asked, state }: Facts): Finding[] {
  if (!asked.ok) return [notAsked('file', 'failed', asked)];
  const file = asked.value;
  const errors = file.problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    return [
      failed(
        'file',
        `${file.path}, line ${first.line}: ${first.message}${more}`,
        `rollout validate --file ${file.path}`,
      ),
    ];
  }
  const warnings = file.problems.length;
  const told =
    warnings === 0 ? `${file.path} is valid` : `${file.path} is valid, with ${counted(warnings, 'warning')}`;
  const findings = [
    warnings === 0 ? ok('file', told) : warning('file', told, `rollout validate --file ${file.path}`),
  ];
  const stored = state?.ok ? state.value.environment : null;
  if (stored !== null && file.environment !== null && stored !== file.environment) {
    findings.push(
      failed(
        'environment',
        `the file says ${file.environment}, the database is that of ${stored}`,
        'set another DATABASE_URL, or environment in the file',
      ),
    );
  }
  return findings;
}
