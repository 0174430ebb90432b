import type { Finding } from '../../../domain/report/finding.ts';
import { databaseFindings } from './database-findings.ts';
import { fileFindings } from './file-findings.ts';
import type { Facts } from './finding.ts';
import { githubFindings } from './github-findings.ts';
import { scheduleFindings } from './schedule-findings.ts';

/** What stands between this set-up and a working loop, in the order in which it is to be mended. */
export function examine(facts: Facts): Finding[] {
  return [
    ...fileFindings(facts),
    ...databaseFindings(facts),
    ...scheduleFindings(facts),
    ...githubFindings(facts),
  ];
}
