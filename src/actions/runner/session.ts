import type { ActionDatabase } from '../../compose/action.ts';
import type { Environment } from '../../compose/environment/settings.ts';
import type { Exit } from '../../report/words/exits.ts';
import type { Context } from './context.ts';
import type { Inputs } from './inputs.ts';

/** Input of an action's command. */
export interface Session {
  inputs: Inputs;
  context: Context;
  environment: Environment;
  /** The database, already opened if the command says so. Throws `database_...` if it is unusable. */
  database: () => Promise<ActionDatabase>;
  /** Prints a line to the job's log. */
  log: (line: string) => void;
  /** Adds an annotation above the log, where people look first. */
  warn: (line: string) => void;
}

export { EXIT } from '../../report/words/exits.ts';

/** One line beside the code or above the log. */
export interface Annotation {
  severity: 'error' | 'warning' | 'notice';
  message: string;
  title?: string;
  /** Place in the file; left out if it concerns the whole file. */
  place?: { file: string; line: number; column: number };
}

/** The outputs of `action.yml`; a value that a command does not know stays empty. */
export interface Outputs {
  /** True: something was changed; for a plan: would be changed. */
  changed?: boolean;
  /** Verdicts by feature. */
  verdicts?: Record<string, string>;
  /** The opened incident, or several separated by commas. */
  incident?: string;
  commit?: string;
  pull_request?: string;
  /** Answer in the format of the command line's `--json`. */
  plan?: object;
  /** Result of a change: its code and facts beside the sentence. */
  result?: object;
}

/** Result of a command; `publish.ts` alone reports it to people and scripts. */
export interface Outcome {
  exit: Exit;
  /** Why the job fails without an error: a person is needed now; null: it does not. */
  needsPerson: string | null;
  annotations: Annotation[];
  /** Markdown for the summary of the job; everything from people is escaped. */
  summary: string;
  outputs: Outputs;
}

/** One command of the action, from the session to its outcome. */
export type ActionEntry = (session: Session) => Promise<Outcome>;
