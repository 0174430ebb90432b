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
 * The sentences that stay where only a text can be kept: in a commit, an issue, a message. Whoever decides does so by
 * the codes and facts that they are made of.
 */
export interface Words {
  /** Why the next step waits, or why it may come: one sentence without a full stop. */
  gate(gate: Extract<Requested, { code: 'advance' }>['gate']): string;
  /** Title and text of the issue of an incident, and what is said when it is closed; null: it is open. Markdown. */
  issue(
    incident: ToldIncident,
    environment: string | null,
  ): Pick<IncidentIssue, 'title' | 'body' | 'closing'>;
  /** The commit or pull request that writes incidents back. */
  writeBack(incidents: readonly WrittenIncident[]): Pick<FileChange, 'title' | 'body' | 'proposal'>;
  /** What became of the features of a merged pull request since, oldest first. Markdown. */
  sinceMerged(incidents: readonly IncidentSince[]): string;
  /** What a feature is live at, for the page of deployments. */
  deployment(standing: Standing, before: number | null, reason: string): string;
  /** What a notification says. */
  notice(notice: Notice): string;
  /** One way in which a change breaks the policy: a clause. */
  breach(breach: Breach): string;
  /** What a list of test repositories would do to a feature, and the way out. */
  testsBreach(feature: string, breach: Breach): string;
  /** Why a change is planned: one sentence without a full stop. */
  reason(reason: ChangeReason): string;
  /** The fields that somebody reduced by SQL: the reason of the incident that holds them. */
  reduced(fields: readonly ReducedField[]): string;
  /** Why a file without features is not applied. */
  emptyFile(empty: EmptyFile): string;
  /** The title of the commit or pull request that makes a change. */
  title(requested: Requested): string;
  /** From what to what, and other facts, each a sentence. */
  facts(requested: Requested): string[];
}
