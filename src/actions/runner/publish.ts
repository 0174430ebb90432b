import * as core from '@actions/core';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { harmless } from '../../lib/text.ts';
import { capped, SUMMARY_LIMIT } from '../../report/markdown/capped.ts';
import { logLine } from './log-line.ts';
import { type Annotation, EXIT, type Outcome, type Outputs } from './session.ts';

/** Limit of annotations per kind and step; GitHub silently drops others. */
const MOST_OF_A_KIND = 10;
const LONGEST_MESSAGE = 2_000;

/** Publishes a command's outcome for people and scripts, and sets whether the job fails. */
export async function publish(outcome: Outcome): Promise<void> {
  setOutputs(outcome.outputs);
  annotate([...outcome.annotations, ...verdictOn(outcome)]);
  await summarize(outcome.summary);
  if (outcome.exit === EXIT.error || outcome.needsPerson !== null) process.exitCode = core.ExitCode.Failure;
}

/** Publishes an error; an unexpected one keeps its stack. */
export function publishError(error: unknown): void {
  const message = errorText(error);
  const hint = error instanceof RolloutError && error.hint ? `; next: ${error.hint}` : '';
  annotate([{ severity: 'error', message: `${message}${hint}` }]);
  if (!(error instanceof RolloutError) && error instanceof Error) {
    for (const one of error.stack?.split('\n') ?? []) core.info(logLine(one));
  }
  process.exitCode = core.ExitCode.Failure;
}

/** Repeats at the end why the job ends in an unexpected way. */
function verdictOn({ exit, needsPerson }: Outcome): Annotation[] {
  if (needsPerson !== null) return [{ severity: 'error', message: needsPerson }];
  return exit === EXIT.held ? [{ severity: 'warning', message: 'something is held or refused' }] : [];
}

function setOutputs(outputs: Outputs): void {
  const { verdicts, plan, result, ...plain } = outputs;
  for (const [name, value] of Object.entries(plain)) core.setOutput(name, value);
  if (verdicts) core.setOutput('verdicts', JSON.stringify(verdicts));
  if (plan) core.setOutput('plan', JSON.stringify(plan));
  if (result) core.setOutput('result', JSON.stringify(result));
}

function annotate(annotations: readonly Annotation[]): void {
  for (const severity of ['error', 'warning', 'notice'] as const) {
    const own = annotations.filter((one) => one.severity === severity);
    const shown = own.length > MOST_OF_A_KIND ? own.slice(0, MOST_OF_A_KIND - 1) : own;
    for (const one of shown) tell(one);
    if (shown.length < own.length) {
      tell({
        severity,
        message: `and ${own.length - shown.length} more, which the log and the summary name`,
      });
      for (const { message } of own.slice(shown.length)) core.info(logLine(message, LONGEST_MESSAGE));
    }
  }
}

const TELL = { error: core.error, warning: core.warning, notice: core.notice };

function tell({ severity, message, title, place }: Annotation): void {
  const properties = {
    ...(title === undefined ? {} : { title: line(title) }),
    ...(place ? { file: place.file, startLine: place.line, startColumn: place.column } : {}),
  };
  TELL[severity](line(message), properties);
}

/** The toolkit escapes workflow commands; this replaces control characters. */
function line(text: string): string {
  return harmless(text, LONGEST_MESSAGE);
}

/** A summary that cannot be written must not make a stop look failed. */
async function summarize(markdown: string): Promise<void> {
  if (markdown === '' || !process.env.GITHUB_STEP_SUMMARY) return;
  try {
    await core.summary.addRaw(capped(markdown, SUMMARY_LIMIT), true).write();
  } catch (error) {
    core.info(logLine(`the summary was not written: ${errorText(error)}`));
  }
}
