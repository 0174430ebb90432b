import { createHash } from 'node:crypto';
import { RolloutError } from '../../errors.ts';
import type { IncidentToTell, IssueTold } from '../../store/incidents/issues.ts';
import type { Store } from '../../store/store.ts';
import type { ConfigurationRepository } from '../ports/configuration-repository.ts';
import type { IncidentIssue, IncidentTracker } from '../ports/incident-tracker.ts';
import type { Words } from '../ports/words.ts';
import { UNNAMED } from '../proposal-branch.ts';
import { holdBranch } from './write-back.ts';

/** Limit of issues written in one run, because GitHub asks for few writes at a time; the next run continues. */
const MOST_AT_ONCE = 20;

const AWAY: ReadonlySet<string> = new Set(['github_unreachable', 'github_limited']);

/** Problems and warnings of writing to GitHub, one sentence each. */
export interface Told {
  /** Failures; the next run tries again. */
  problems: string[];
  /** Features of GitHub that are switched off in the repository; not a failure. */
  warnings: string[];
}

export interface TellDependencies {
  store: Store;
  repository: ConfigurationRepository;
  words: Pick<Words, 'issue'>;
  /** Creates the incidents' issues; null or left out: incidents do not get issues. */
  tracker?: IncidentTracker | null;
}

/**
 * Opens, edits and closes the issues of incidents, so that each matches the database. An issue that already matches is
 * not requested. Returns failures, one sentence each; the next run tries them again.
 */
export async function tellIncidents({ store, repository, tracker, words }: TellDependencies): Promise<Told> {
  if (!tracker) return { problems: [], warnings: [] };
  const { incidents, environment } = await store.reading(async (read) => ({
    incidents: await read.incidents.toTell(),
    environment: (await read.state()).environment,
  }));
  const due = incidents
    .map((one) => ({ one, issue: issueOf(words, one, environment) }))
    .filter(({ one, issue }) => isDue(one, issue))
    // Issues that must change come before those that are only checked again.
    .sort((a, b) => Number(onlyUnsure(a)) - Number(onlyUnsure(b)));
  const held = new Set(incidents.filter(({ state }) => state === 'open').map(({ feature }) => feature));
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const { one, issue } of due.slice(0, MOST_AT_ONCE)) {
    try {
      // The file agrees by another commit, so the controller's proposal is obsolete.
      if (!issue.open && wasProposed(one) && !held.has(one.feature)) {
        await repository.withdraw(
          holdBranch(environment, one.feature),
          `incident ${one.incident} is ${one.state}`,
        );
      }
      await store.incidents.markIssue(one.incident, await tell(tracker, one, issue));
    } catch (error) {
      if (isOff(error)) {
        if (!incidents.some(({ issue_state }) => issue_state === 'off')) warnings.push(messageOf(error));
        for (const { one, issue } of due)
          await store.incidents.markIssue(one.incident, switchedOff(one, issue));
        break;
      }
      problems.push(`the issue of incident ${one.incident} (${one.feature}) waits: ${messageOf(error)}`);
      if (failsForAll(error)) break;
    }
  }
  return { problems, warnings };
}

/** Does its issue differ from the database, or is its content unknown? */
function isDue({ issue_state, issue_digest, issue_closed }: IncidentToTell, issue: IncidentIssue): boolean {
  return issue_state !== 'told' || issue_digest !== digestOf(issue) || issue.open === issue_closed;
}

/** Retried silently by every run until somebody enables issues. */
function switchedOff({ issue_number }: IncidentToTell, issue: IncidentIssue): IssueTold {
  return { number: issue_number, state: 'off', digest: digestOf(issue), closed: !issue.open };
}

/** Writes the issue, and records its content for the next run. */
async function tell(tracker: IncidentTracker, one: IncidentToTell, issue: IncidentIssue): Promise<IssueTold> {
  // The list may not include it yet, or a person deleted it: it is not created again.
  const found = one.issue_state === 'unsure' ? await tracker.onlyOne(issue) : null;
  const number = found ?? issue.number;
  const told = { state: 'told', digest: digestOf(issue), closed: !issue.open } as const;
  if (number !== null && onlyUnsure({ one, issue })) return { number, ...told };
  const put = await tracker.put({ ...issue, number });
  return put.created
    ? { number: put.number, state: 'unsure', digest: told.digest, closed: false }
    : { number: put.number, ...told };
}

function onlyUnsure({ one, issue }: { one: IncidentToTell; issue: IncidentIssue }): boolean {
  return one.issue_state === 'unsure' && one.issue_digest === digestOf(issue);
}

function wasProposed({ write_back_pull_request, write_back_url }: IncidentToTell): boolean {
  return write_back_pull_request !== null || write_back_url !== null;
}

function issueOf(
  words: Pick<Words, 'issue'>,
  one: IncidentToTell,
  environment: string | null,
): IncidentIssue {
  return {
    incident: `${environment ?? UNNAMED}/${one.incident}`,
    number: one.issue_number,
    opened_at: one.opened_at,
    owner: one.owner,
    ...words.issue(one, environment === UNNAMED ? null : environment),
    open: one.state === 'open',
  };
}

function digestOf({ title, body, open }: IncidentIssue): string {
  return createHash('sha256')
    .update(JSON.stringify([title, body, open]))
    .digest('hex');
}

/** Would the next write fail for the same reason? */
export function failsForAll(error: unknown): boolean {
  return error instanceof RolloutError && AWAY.has(error.code);
}

/** Is the feature of GitHub switched off in the repository? */
export function isOff(error: unknown): boolean {
  return error instanceof RolloutError && error.code === 'github_off';
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof RolloutError && error.hint ? `${error.message}; ${error.hint}` : error.message;
}
