import type { Readable } from 'node:stream';
import { RolloutError } from '../../errors.ts';
import { harmless, quoted } from '../../lib/text.ts';
import type { RefusedJob, ReportedJob } from '../../store/outcomes/outcomes.ts';
import type { Store } from '../../store/store.ts';
import type { BadLine } from '../registry/subject-rows.ts';
import { LONGEST_LINE, linesOf } from './lines.ts';
import { readReport } from './reported-job.ts';

/** Input of at most so many lines is recorded as a whole or not at all; a longer one as it comes. */
export const WHOLE_LINES = 100_000;

/** Outcomes a batch, once they are recorded as they come. */
const BATCH = 1_000;
const MOST_LISTED = 100;
const MOST_FEATURES = 20;

export interface RecordInput {
  stream: Readable;
  /** For the messages. */
  name: string;
  /** Record the good lines although there are bad ones. */
  skipInvalid: boolean;
  /** Take subjects that no registry knows; they have no category. */
  anySubject: boolean;
  /** This machine's clock; what it is off by is found out first, since outcomes are of the database's time. */
  now: () => Date;
  /** A new id for every batch, by which the database knows it again. */
  newBatch: () => string;
  /** Told after every batch how many lines were read. */
  onProgress?: (lines: number) => void;
}

export interface RecordReport {
  recorded: number;
  /** Left out because their id was seen before. */
  repeated: number;
  /** Attempts after which another one follows: they count by the last one. */
  kept: number;
  /** Bad lines that were left out, at most 100 of them. */
  skipped: BadLine[];
  skipped_count: number;
}

interface NumberedJob {
  line: number;
  job: ReportedJob;
}

/**
 * Records outcomes from NDJSON, a job a line.
 *
 * Up to 100,000 lines are one transaction: one bad line and nothing is recorded, and every bad line is named. Of a
 * stream that goes on, nobody can know that before its end: what is longer is recorded in batches as it comes, and
 * the first bad line ends it. With `skipInvalid` every stream is recorded as it comes, without its bad lines.
 *
 * Throws `record_invalid` with the numbers of the lines.
 */
export async function recordStream(store: Store, input: RecordInput): Promise<RecordReport> {
  const report: RecordReport = { recorded: 0, repeated: 0, kept: 0, skipped: [], skipped_count: 0 };
  const bad: BadLine[] = [];
  const { now: databaseNow } = await store.reading((read) => read.state());
  const off = databaseNow.getTime() - input.now().getTime();
  const now = () => new Date(input.now().getTime() + off);
  let waiting: NumberedJob[] = [];
  let lines = 0;
  for await (const portion of linesOf(input.stream)) {
    for (const { number, text } of portion) {
      const read = text === null ? { problem: TOO_LONG } : readReport(text, now());
      if ('problem' in read) bad.push({ line: number, message: read.problem });
      else waiting.push({ line: number, job: read });
      lines += 1;
    }
    const whole = !input.skipInvalid && lines <= WHOLE_LINES;
    if (whole) continue;
    // Whatever is there is recorded before the next portion is waited for.
    if (waiting.length < BATCH && bad.length === 0 && input.stream.readableLength > 0) continue;
    await recordWaiting(store, input, { waiting, bad, report });
    input.onProgress?.(lines);
    waiting = [];
  }
  await recordWaiting(store, input, { waiting, bad, report });
  input.onProgress?.(lines);
  return report;
}

const TOO_LONG = `it is longer than ${LONGEST_LINE} characters; it must be a JSON object on one line`;

/** Records what waits, in one transaction, and empties `bad` into the report; throws where that is not wanted. */
async function recordWaiting(
  store: Store,
  input: RecordInput,
  { waiting, bad, report }: { waiting: NumberedJob[]; bad: BadLine[]; report: RecordReport },
): Promise<void> {
  const { skipInvalid, anySubject } = input;
  if (bad.length > 0 && !skipInvalid) {
    // Those of unknown features and subjects are found without recording anything.
    bad.push(...(await refusedOf(store, input, waiting)));
    throw refusal(input, bad, report.recorded + report.repeated + report.kept);
  }
  if (waiting.length > 0) {
    const jobs = waiting.map(({ job }) => job);
    const answer = await store.outcomes.recordJobs(input.newBatch(), jobs, { skipInvalid, anySubject });
    bad.push(...(await described(store, waiting, answer.refused)));
    if (answer.refused.length > 0 && !skipInvalid) {
      throw refusal(input, bad, report.recorded + report.repeated + report.kept);
    }
    report.recorded += answer.recorded;
    report.repeated += answer.repeated;
    report.kept += answer.kept;
  }
  bad.sort((a, b) => a.line - b.line);
  report.skipped.push(...bad.slice(0, MOST_LISTED - report.skipped.length));
  report.skipped_count += bad.length;
  bad.length = 0;
}

async function refusedOf(store: Store, input: RecordInput, waiting: NumberedJob[]): Promise<BadLine[]> {
  const jobs = waiting.map(({ job }) => job);
  const refused = await store.reading((read) => read.outcomes.refusedJobs(jobs, input.anySubject));
  return described(store, waiting, refused);
}

async function described(
  store: Store,
  waiting: readonly NumberedJob[],
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
  const subject = quoted(job.subject);
  const feature = harmless(job.feature);
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
          ? 'mend the lines, or record the others with --skip-invalid'
          : 'mend the lines and go on from the first of them, or leave such lines out with --skip-invalid',
    },
  );
}
