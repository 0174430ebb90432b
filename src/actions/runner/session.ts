import type { ActionDatabase } from '../../compose/action.ts';
import type { Environment } from '../../compose/environment/settings.ts';
import type { Exit } from '../../report/words/exits.ts';
import type { Context } from './context.ts';
import type { Inputs } from './inputs.ts';

/** What an entry of the action is given. */
export interface Session {
  inputs: Inputs;
  context: Context;
  environment: Environment;
  /** The database, opened already where the command says so. Throws `database_...` where it cannot be worked with. */
  database: () => Promise<ActionDatabase>;
  /** A line for the log of the job. */
  log: (line: string) => void;
  /** An annotation above the log, where people look first. */
  warn: (line: string) => void;
}

export { EXIT } from '../../report/words/exits.ts';

/** One line beside the code or above the log. */
export interface Annotation {
  severity: 'error' | 'warning' | 'notice';
  message: string;
  title?: string;
  /** Where in the file; left out where it is about the whole. */
  place?: { file: string; line: number; column: number };
}

/** The outputs of `action.yml`; what a command does not know stays empty. */
export interface Outputs {
  /** Something was changed, or for a plan: would be. */
  changed?: boolean;
  /** Feature -> verdict. */
  verdicts?: Record<string, string>;
  /** The incident that was opened, or several with a comma. */
  incident?: string;
  commit?: string;
  pull_request?: string;
  /** Answer in the shape that the command line prints with `--json`. */
  plan?: object;
  /** What became of a change: its code and facts beside the sentence. */
  result?: object;
}

/** What an entry found and did; told to people and scripts in one place, `publish.ts`. */
export interface Outcome {
  exit: Exit;
  /** Why the job fails although nothing went wrong: a person is needed now. */
  needsPerson: string | null;
  annotations: Annotation[];
  /** Markdown for the summary of the job; everything from people is escaped. */
  summary: string;
  outputs: Outputs;
}

/** One command of the action: inputs, one call, what came of it. */
export type ActionEntry = (session: Session) => Promise<Outcome>;
