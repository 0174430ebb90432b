import type { Notice } from '../../domain/change/notice.ts';
import type { Requested } from '../../domain/change/requested.ts';
import type { Standing } from '../../domain/plan/change.ts';
import type { ChangeReason, EmptyFile, ReducedField } from '../../domain/plan/reason.ts';
import type { Breach } from '../../domain/policy/breach.ts';
import type { IncidentSince } from '../../domain/report/rolled-back.ts';
import type { ToldIncident, WrittenIncident } from '../../domain/spec/incident.ts';
import type { FileChange } from './configuration-repository.ts';
import type { IncidentIssue } from './incident-tracker.ts';

/**
 * Builds the sentences for places that hold only text: a commit, an issue, a message. Program logic uses the codes and
 * facts instead.
 */
export interface Words {
  /** Why the next step waits, or why it may be taken: one sentence without a full stop. */
  gate(gate: Extract<Requested, { code: 'advance' }>['gate']): string;
  /** Title and text of an incident's issue, and the comment when it is closed; null: it is open. Markdown. */
  issue(
    incident: ToldIncident,
    environment: string | null,
  ): Pick<IncidentIssue, 'title' | 'body' | 'closing'>;
  /** Text of the commit or pull request that writes incidents back. */
  writeBack(incidents: readonly WrittenIncident[]): Pick<FileChange, 'title' | 'body' | 'proposal'>;
  /** What happened to the features of a merged pull request since, oldest first. Markdown. */
  sinceMerged(incidents: readonly IncidentSince[]): string;
  /** The present exposure of a feature, for the deployments page. */
  deployment(standing: Standing, before: number | null, reason: string): string;
  /** Text of a notification. */
  notice(notice: Notice): string;
  /** One breach of the policy, as a clause. */
  breach(breach: Breach): string;
  /** A breach by a list of test repositories, with its effect on a feature and the way out. */
  testsBreach(feature: string, breach: Breach): string;
  /** Why a change is planned: one sentence without a full stop. */
  reason(reason: ChangeReason): string;
  /** The fields that were reduced by SQL: the reason of the incident that holds them. */
  reduced(fields: readonly ReducedField[]): string;
  /** Why a file without features is not applied. */
  emptyFile(empty: EmptyFile): string;
  /** The title of the commit or pull request that makes a change. */
  title(requested: Requested): string;
  /** The values before and after, and other facts, one sentence each. */
  facts(requested: Requested): string[];
}
