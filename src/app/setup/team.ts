import { matches } from '../../config/base/patterns.ts';
import { addInclude } from '../../config/edit/edit.ts';
import { patternsIn } from '../../config/read/includes.ts';
import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';

/** The file of a team, from the folder of the main file. */
export interface TeamFile {
  path: string;
  text: string;
}

const TEAM = /^[a-z][a-z0-9_-]{0,99}$/;
/** A user or a team, as CODEOWNERS names them: `@acme/data`, `@ada`, or an address. */
const OWNER = /^(@[\w-]+(\/[\w.-]+)?|[^\s@#]+@[^\s@#]+)$/;

const FOLDER = 'rollouts';

/** Throws `usage` for what cannot name a file. */
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

/** The main file as it includes a team's file; the same text where it does already. */
export function includingTeam(text: string, path: string): string {
  const included = patternsIn(text).some((pattern) => matches(pattern, path));
  return included ? text : addInclude(text, `${FOLDER}/*.yaml`);
}

/** Throws `usage` for what CODEOWNERS could not read, or would read as something else. */
export function checkedOwner(owner: string): string {
  if (OWNER.test(owner)) return owner;
  throw new RolloutError('usage', `--owner is ${quoted(owner)}`, {
    hint: 'name a team or a person of GitHub, such as @acme/data or @ada',
  });
}

/** CODEOWNERS with a line for the file; the same text where it has one. `path` is from the top of the repository. */
export function withOwner(codeowners: string, path: string, owner: string): string {
  const lines = codeowners.split('\n').map((line) => line.trim().split(/\s+/)[0]);
  if (lines.includes(`/${path}`)) return codeowners;
  const end = codeowners === '' || codeowners.endsWith('\n') ? '' : '\n';
  return `${codeowners}${end}/${path} ${owner}\n`;
}
