/** The parts of a commit message of the controller. */
export interface MessageParts {
  /** First line. */
  title: string;
  body: string;
  /** Lines of the last paragraph, such as `Rollout-Incident: 12`. */
  trailers: readonly string[];
}

/** Builds the commit message: title, body, and the trailers as the last paragraph. */
export function commitMessage({ title, body, trailers }: MessageParts): string {
  // Text from people must not pass for a trailer.
  const harmless = body.trim().replace(/^(?=Rollout-[\w-]+:)/gim, '  ');
  return `${[title, harmless, trailers.join('\n')].filter(Boolean).join('\n\n')}\n`;
}

/** Commit of the default branch on which a proposal was made: one of its parents. */
const BASE = 'Rollout-Base: ';

/** Builds the message of a proposal made on a tip of the default branch. */
export function proposalMessage(parts: MessageParts, base: string): string {
  return commitMessage({ ...parts, trailers: [...parts.trailers, `${BASE}${base}`] });
}

/** Returns the tip of the default branch that a proposal's message names as its base; null: it names none. */
export function baseIn(message: string): string | null {
  const said = parseCommitMessage(message).trailers.filter((trailer) => trailer.startsWith(BASE));
  return said.at(-1)?.slice(BASE.length) ?? null;
}

/** Returns the message without the digest of history and the base, which do not describe the change. */
export function lastingPart(message: string): string {
  return message.replace(/^Rollout-(History|Base): .*\n?/gm, '').trim();
}

/**
 * Takes a message apart. Trailers are the `Rollout-...` lines of the last paragraph; without any, it is not the
 * controller's commit.
 */
export function parseCommitMessage(message: string): MessageParts {
  const [title = '', ...rest] = message.trim().split('\n\n');
  const last = rest.at(-1)?.split('\n') ?? [];
  const trailers = last.every((line) => /^Rollout-[\w-]+: \S/.test(line)) ? last : [];
  return { title, body: (trailers.length > 0 ? rest.slice(0, -1) : rest).join('\n\n'), trailers };
}

/**
 * Was the commit made for these trailers? Incidents are written back together, so one matching incident is enough;
 * trailers that name the feature and the moment must all be there. After a squash on GitHub, more text may follow the
 * trailers; a person's line cannot pass for one, because `commitMessage` indents it.
 */
export function saysSo(message: string, wanted: readonly string[]): boolean {
  const lines = new Set(message.split('\n'));
  const incidents = wanted.filter((trailer) => trailer.startsWith('Rollout-Incident:'));
  if (incidents.length > 0) return incidents.some((trailer) => lines.has(trailer));
  return wanted.length > 0 && wanted.every((trailer) => lines.has(trailer));
}

/** Was the commit made by the controller? */
export function isOurs(message: string): boolean {
  return parseCommitMessage(message).trailers.length > 0;
}
