import { matches } from '../../config/base/patterns.ts';
import { addInclude } from '../../config/edit/edit.ts';
import { patternsIn } from '../../config/read/includes.ts';
import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';

/** A team's file, with its path relative to the main file's folder. */
export interface TeamFile {
  path: string;
  text: string;
}

const TEAM = /^[a-z][a-z0-9_-]{0,99}$/;
/** A user or a team in the syntax of CODEOWNERS: `@acme/data`, `@ada`, or an address. */
const OWNER = /^(@[\w-]+(\/[\w.-]+)?|[^\s@#]+@[^\s@#]+)$/;

const FOLDER = 'rollouts';

/** Throws `usage` for a team name that is invalid in a file name. */
export function teamFile(team: string, main: string): TeamFile {
  if (!TEAM.test(team)) {
    throw new RolloutError('usage', `--team is ${quoted(team)}`, {
      hint: 'it begins with a lower-case letter and has lower-case letters, digits, _ and -',
    });
  }
  const text = `# Features of team ${team}. What holds for all of them stands in ${main}.
features: {}
`;
  return { path: `${FOLDER}/${team}.yaml`, text };
}

/** Returns the main file with a team's file included; unchanged if it already is. */
export function includingTeam(text: string, path: string): string {
  const included = patternsIn(text).some((pattern) => matches(pattern, path));
  return included ? text : addInclude(text, `${FOLDER}/*.yaml`);
}

/** Throws `usage` for text that CODEOWNERS could not read, or would read differently. */
export function checkedOwner(owner: string): string {
  if (OWNER.test(owner)) return owner;
  throw new RolloutError('usage', `--owner is ${quoted(owner)}`, {
    hint: 'name a team or a person of GitHub, such as @acme/data or @ada',
  });
}

/**
 * Returns CODEOWNERS with a line for the file; unchanged if it has one. `path` is relative to the root of the
 * repository.
 */
export function withOwner(codeowners: string, path: string, owner: string): string {
  const lines = codeowners.split('\n').map((line) => line.trim().split(/\s+/)[0]);
  if (lines.includes(`/${path}`)) return codeowners;
  const end = codeowners === '' || codeowners.endsWith('\n') ? '' : '\n';
  return `${codeowners}${end}/${path} ${owner}\n`;
}
