import { parse } from 'yaml';
import { githubLanguage } from './language.ts';

export interface Step {
  id?: string;
  name?: string;
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, unknown>;
}

type Value = string | number;

/** Lists of values by name, and single combinations beside their products. */
type Matrix = Record<string, Value[]> & { include?: Record<string, Value>[] };

export interface Job {
  if?: string;
  needs?: string | string[];
  environment?: string;
  permissions?: Record<string, 'read' | 'write' | 'none'>;
  strategy?: { matrix?: Matrix };
  steps: Step[];
}

interface Input {
  type?: string;
  required?: boolean;
  default?: unknown;
  options?: string[];
}

export interface Workflow {
  name: string;
  on: Record<string, { inputs?: Record<string, Input>; branches?: string[] } | null> & {
    schedule?: { cron: string }[];
  };
  permissions: Record<string, string>;
  concurrency?: { group: string; 'cancel-in-progress'?: boolean; queue?: string };
  jobs: Record<string, Job>;
}

/** A workflow that GitHub's own reader takes; throws with everything it does not. */
export async function readWorkflow(name: string, content: string): Promise<Workflow> {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await githubLanguage();
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const template = value && (await convertWorkflowTemplate(context, value));
  const problems = [
    ...context.errors.getErrors().map(({ message }) => message),
    ...(template?.errors ?? []).map(({ Message }) => Message),
  ];
  if (problems.length > 0 || !template)
    throw new Error(`${name} is no workflow:\n  ${problems.join('\n  ')}`);
  return parse(content) as Workflow;
}
