import { basename } from 'node:path';
import { recordStream, WHOLE_LINES } from '../../app/outcomes/record.ts';
import { NumberedIds } from '../../lib/portable/numbered-ids.ts';
import { recordedLines } from '../../report/text/outcomes/registry-text.ts';
import { count } from '../../report/words/words.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { inputError, openInput, requireInput } from '../terminal/input-file.ts';
import { EXIT } from '../terminal/terminal.ts';

/** Milliseconds after which a person who pipes an endless stream sees a message. */
const PATIENCE_MS = 10_000;

export const define: DefineCommand<[path: string | undefined]> = (command, terminal, end) => {
  const declared = command
    .option('--skip-invalid', 'record as lines come, without those that are bad')
    .option('--any-subject', 'take subjects that no registry knows')
    .addHelpText('after', FORMAT);
  run(declared, end, 'my-jobs | rollout record', async (options, path = '-') => {
    await requireInput(path);
    return withController(terminal, options, async ({ store }) => {
      const waiting = setTimeout(() => terminal.note(STILL_WAITING), PATIENCE_MS);
      const batches = new NumberedIds();
      if (options.skipInvalid) clearTimeout(waiting);
      try {
        const report = await recordStream(store, {
          stream: openInput(path),
          name: path === '-' ? 'standard input' : basename(path),
          skipInvalid: options.skipInvalid ?? false,
          anySubject: options.anySubject ?? false,
          now: () => new Date(),
          newBatch: () => batches.next(),
          onProgress: (lines) => terminal.progress(`${count(lines)} lines recorded`),
        });
        terminal.progress('');
        answer(terminal, options, {
          json: () => report,
          words: () => recordedLines(terminal.style, report),
        });
        return EXIT.ok;
      } catch (error) {
        throw inputError(path, error);
      } finally {
        clearTimeout(waiting);
      }
    });
  });
};

const STILL_WAITING =
  'still reading: nothing is recorded before the input ends; for a stream that goes on use --skip-invalid';

const FORMAT = `
A job a line, standard input unless a file is named:
  {"feature": "new_checkout", "subject": "octocat/hello-world", "processor": "inngest", "ok": true}
  feature      key of the feature, as in rollout.yaml
  subject      id of the repository or customer, or the current owner/name of a repository
  processor    a name such as inngest: lower-case letters, digits, _ and -
  ok           true or false
  arm          treatment, control or fallback; left out: what the subject is now
  duration_ms  milliseconds from the start of the job to its end
  error        what a failed job said; 300 characters of it are kept, without what looks like a secret
  finished_at  such as 2026-11-22T10:15:00Z; left out: now
  id           of one id and feature only the first outcome counts, so a line can be sent twice
  will_retry   true with "ok": false and an id: another attempt follows; the job counts by its last attempt, or as
               failed once thresholds.job_timeout of its processor is over

An event of a metric (metrics in rollout.yaml with source: events) a line, for the guardrails on it:
  {"subject": "octocat/hello-world", "metric": "refunds", "bad": true}
  subject      as above
  metric       its name in rollout.yaml
  bad          true or false
  feature      left out: every feature with a guardrail on the metric
  arm          treatment or control; left out: what the subject is now
  at           when it happened, such as 2026-11-22T10:15:00Z; left out: now
  id           of one id, metric and feature only the first event counts

Up to ${count(WHOLE_LINES)} lines are recorded together: one bad line, and nothing is. A longer input is recorded as
it comes, and ends with its first bad line; with --skip-invalid every input is recorded as it comes.`;
