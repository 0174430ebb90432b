import type { Finding } from '../../../domain/report/finding.ts';
import { databaseFindings } from './database-findings.ts';
import { fileFindings } from './file-findings.ts';
import type { Facts } from './finding.ts';
import { githubFindings } from './github-findings.ts';
import { scheduleFindings } from './schedule-findings.ts';

/** Examines what keeps this set-up from working, in the order in which to fix it. */
export function examine(facts: Facts): Finding[] {
  return [
    ...fileFindings(facts),
    ...databaseFindings(facts),
    ...scheduleFindings(facts),
    ...githubFindings(facts),
  ];
}
