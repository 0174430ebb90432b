import type { ReportData } from '../domain/report.ts';
import { escapeMarkdown } from './plan-markdown.ts';

/** The report as markdown for a summary of a workflow run. Everything from a file or a person is escaped. */
export function reportMarkdown(data: ReportData): string {
  return data.features.map(({ sentence }) => escapeMarkdown(sentence)).join('\n');
}
