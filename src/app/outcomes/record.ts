import type { Readable } from 'node:stream';
import type { BadLine, RecordReport } from '../../domain/report/registry-reports.ts';
import { RolloutError } from '../../errors.ts';
import { harmless, quoted } from '../../lib/text.ts';
import type { Observation } from '../../store/guardrails/observation.ts';
import type { RefusedEvent } from '../../store/guardrails/observations.ts';
import type { RefusedJob, ReportedJob } from '../../store/outcomes/outcomes.ts';
import type { Store } from '../../store/store.ts';
import { LONGEST_LINE, linesOf } from './lines.ts';
import { readLine } from './reported-line.ts';

/** Input of at most this many lines is recorded as a whole or not at all; longer input is recorded as it arrives. */
export const WHOLE_LINES = 100_000;

/** Outcomes per batch when input is recorded as it arrives. */
const BATCH = 1_000;
const MOST_LISTED = 100;
const MOST_FEATURES = 20;

export interface RecordInput {
  stream: Readable;
  /** Name of the input in messages. */
  name: string;
  /** True: record the good lines although there are bad ones. */
  skipInvalid: boolean;
  /** True: accept subjects that are not in the registry; they have no category. */
  anySubject: boolean;
  /** This machine's clock; its offset is measured first, since outcomes are in database time. */
  now: () => Date;
  /** Returns a new id for each batch, by which the database recognizes a repeated one. */
  newBatch: () => string;
  /** Called after each batch with the number of lines read. */
  onProgress?: (lines: number) => void;
}

/** Valid lines with their numbers. */
interface Waiting {
  jobs: { line: number; job: ReportedJob }[];
  events: { line: number; event: Observation }[];
}

const nothing = (): Waiting => ({ jobs: [], events: [] });

/**
 * Records outcomes from NDJSON, one job or event per line.
 *
 * Up to 100,000 lines are recorded together: one bad line prevents all of them, and every bad line is named. Jobs are
 * one transaction, and events are another. An endless stream has no end to wait for, so longer input is recorded in
 * batches as it arrives, and the first bad line ends it. With `skipInvalid` every stream is recorded as it arrives,
 * without its bad lines.
 *
 * Throws `record_invalid` with the numbers of the lines.
 */
export async function recordStream(store: Store, input: RecordInput): Promise<RecordReport> {
  const report: RecordReport = { recorded: 0, repeated: 0, kept: 0, skipped: [], skipped_count: 0 };
  const bad: BadLine[] = [];
  const { now: databaseNow } = await store.reading((read) => read.state());
  const off = databaseNow.getTime() - input.now().getTime();
  const now = () => new Date(input.now().getTime() + off);
  let waiting = nothing();
  let lines = 0;
  for await (const portion of linesOf(input.stream)) {
    for (const { number, text } of portion) {
      const read = text === null ? { problem: TOO_LONG } : readLine(text, now());
      if ('problem' in read) bad.push({ line: number, message: read.problem });
      else if ('event' in read) waiting.events.push({ line: number, event: read.event });
      else waiting.jobs.push({ line: number, job: read.job });
      lines += 1;
    }
    const whole = !input.skipInvalid && lines <= WHOLE_LINES;
    if (whole) continue;
    // Everything that has arrived is recorded before waiting for the next portion.
    const portionSize = waiting.jobs.length + waiting.events.length;
    if (portionSize < BATCH && bad.length === 0 && input.stream.readableLength > 0) continue;
    await recordWaiting(store, input, { waiting, bad, report });
    input.onProgress?.(lines);
    waiting = nothing();
  }
  await recordWaiting(store, input, { waiting, bad, report });
  input.onProgress?.(lines);
  return report;
}

const TOO_LONG = `it is longer than ${LONGEST_LINE} characters; it must be a JSON object on one line`;

/** Records what waits, and moves `bad` into the report; throws unless bad lines may be skipped. */
async function recordWaiting(
  store: Store,
  input: RecordInput,
  { waiting, bad, report }: { waiting: Waiting; bad: BadLine[]; report: RecordReport },
): Promise<void> {
  const { skipInvalid, anySubject } = input;
  // Lines with unknown features, metrics and subjects are found without recording anything.
  const refused = skipInvalid ? [] : await refusedOf(store, input, waiting);
  if (bad.length + refused.length > 0 && !skipInvalid) {
    bad.push(...refused);
    throw refusal(input, bad, report.recorded + report.repeated + report.kept);
  }
  if (waiting.jobs.length > 0) {
    const jobs = waiting.jobs.map(({ job }) => job);
    const answer = await store.outcomes.recordJobs(input.newBatch(), jobs, { skipInvalid, anySubject });
    bad.push(...(await described(store, waiting.jobs, answer.refused)));
    report.recorded += answer.recorded;
    report.repeated += answer.repeated;
    report.kept += answer.kept;
  }
  if (waiting.events.length > 0) {
    const events = waiting.events.map(({ event }) => event);
    const answer = await store.guardrails.recordEvents(input.newBatch(), events, { skipInvalid, anySubject });
    bad.push(...describedEvents(waiting.events, answer.refused));
    report.recorded += answer.recorded;
    report.repeated += answer.repeated;
  }
  // Somebody removed a feature or a subject meanwhile.
  if (bad.length > 0 && !skipInvalid) {
    throw refusal(input, bad, report.recorded + report.repeated + report.kept);
  }
  bad.sort((a, b) => a.line - b.line);
  report.skipped.push(...bad.slice(0, MOST_LISTED - report.skipped.length));
  report.skipped_count += bad.length;
  bad.length = 0;
}

async function refusedOf(store: Store, { anySubject }: RecordInput, waiting: Waiting): Promise<BadLine[]> {
  const jobs = waiting.jobs.map(({ job }) => job);
  const events = waiting.events.map(({ event }) => event);
  const refused = await store.reading(async (read) => ({
    jobs: jobs.length > 0 ? await read.outcomes.refusedJobs(jobs, anySubject) : [],
    events: events.length > 0 ? await read.guardrails.refusedEvents(events, anySubject) : [],
  }));
  return [
    ...(await described(store, waiting.jobs, refused.jobs)),
    ...describedEvents(waiting.events, refused.events),
  ];
}

function describedEvents(waiting: Waiting['events'], refused: readonly RefusedEvent[]): BadLine[] {
  return refused.flatMap((one) => {
    const found = waiting[one.place];
    return found ? [{ line: found.line, message: describeEvent(one, found.event) }] : [];
  });
}

function describeEvent({ problem, subject_type, metrics }: RefusedEvent, event: Observation): string {
  if (problem === 'unknown_feature') return `there is no feature ${quoted(event.feature ?? '')}`;
  if (problem === 'unknown_metric') {
    const whose = event.feature === null ? 'no feature' : harmless(event.feature);
    const known =
      metrics.length === 0 ? 'there are none' : `there are ${metrics.map((one) => harmless(one)).join(', ')}`;
    return `${whose} has ${event.feature === null ? 'a' : 'no'} guardrail on a metric of events named ${quoted(event.metric)}; ${known}`;
  }
  return subjectProblemText(problem, subject_type, event.subject, harmless(event.feature ?? 'the feature'));
}

async function described(
  store: Store,
  waiting: Waiting['jobs'],
  refused: readonly RefusedJob[],
): Promise<BadLine[]> {
  if (refused.length === 0) return [];
  const features = refused.some(({ problem }) => problem === 'unknown_feature') ? await namesOf(store) : '';
  return refused.flatMap((one) => {
    const found = waiting[one.place];
    return found ? [{ line: found.line, message: describe(one, found.job, features) }] : [];
  });
}

function describe({ problem, subject_type }: RefusedJob, job: ReportedJob, features: string): string {
  if (problem === 'unknown_feature') return `there is no feature ${quoted(job.feature)}; ${features}`;
  return subjectProblemText(problem, subject_type, job.subject, harmless(job.feature));
}

function subjectProblemText(
  problem: 'unknown_subject' | 'other_subject_type',
  subject_type: string | null,
  id: string,
  feature: string,
): string {
  const subject = quoted(id);
  const wanted = subject_type === 'customer' ? 'customer' : 'repository';
  if (problem === 'unknown_subject') {
    return `no ${wanted} is known as ${subject}; import it first, or take any with --any-subject`;
  }
  return wanted === 'customer'
    ? `${subject} is a repository, but ${feature} is rolled out to customers`
    : `${subject} is a customer, but ${feature} is rolled out to repositories`;
}

async function namesOf(store: Store): Promise<string> {
  const names = (await store.reading((read) => read.features.standings())).map(({ feature }) =>
    harmless(feature),
  );
  if (names.length === 0) return 'there are none yet';
  const more = names.length > MOST_FEATURES ? ` and ${names.length - MOST_FEATURES} more` : '';
  return `there are ${names.slice(0, MOST_FEATURES).join(', ')}${more}`;
}

function refusal(input: RecordInput, bad: BadLine[], before: number): RolloutError {
  bad.sort((a, b) => a.line - b.line);
  const listed = bad.slice(0, MOST_LISTED).map(({ line, message }) => `  line ${line}: ${message}`);
  const more = bad.length > MOST_LISTED ? `\n  and ${bad.length - MOST_LISTED} more` : '';
  const done = before === 0 ? 'nothing was recorded' : `the ${before} before them were recorded`;
  const lines = bad.length === 1 ? '1 bad line' : `${bad.length} bad lines`;
  return new RolloutError(
    'record_invalid',
    `${input.name} has ${lines}; ${done}:\n${listed.join('\n')}${more}`,
    {
      hint:
        before === 0
          ? 'fix the lines, or record the others with --skip-invalid'
          : 'fix the lines and continue from the first of them, or leave such lines out with --skip-invalid',
    },
  );
}
