/** A commit of ours, before it is one message. */
export interface MessageParts {
  /** First line. */
  title: string;
  body: string;
  /** Such as `Rollout-Incident: 12`; the last paragraph. */
  trailers: readonly string[];
}

/** The message of our commit: title, body, and the trailers as the last paragraph. */
export function commitMessage({ title, body, trailers }: MessageParts): string {
  // Text from people must not pass for a trailer.
  const harmless = body.trim().replace(/^(?=Rollout-[\w-]+:)/gim, '  ');
  return `${[title, harmless, trailers.join('\n')].filter(Boolean).join('\n\n')}\n`;
}

/** Commit of the default branch on which a proposal was made: one of its parents. */
const BASE = 'Rollout-Base: ';

/** The message of a proposal that is made on a tip of the default branch. */
export function proposalMessage(parts: MessageParts, base: string): string {
  return commitMessage({ ...parts, trailers: [...parts.trailers, `${BASE}${base}`] });
}

/** The tip of the default branch on which a proposal says that it was made; null: it says none. */
export function baseIn(message: string): string | null {
  const said = parseCommitMessage(message).trailers.filter((trailer) => trailer.startsWith(BASE));
  return said.at(-1)?.slice(BASE.length) ?? null;
}

/** The message without the digest of history and the base, which say nothing new about the change. */
export function lastingPart(message: string): string {
  return message.replace(/^Rollout-(History|Base): .*\n?/gm, '').trim();
}

/** A message taken apart. Trailers are the `Rollout-...` lines of the last paragraph; none: it is not our commit. */
export function parseCommitMessage(message: string): MessageParts {
  const [title = '', ...rest] = message.trim().split('\n\n');
  const last = rest.at(-1)?.split('\n') ?? [];
  const trailers = last.every((line) => /^Rollout-[\w-]+: \S/.test(line)) ? last : [];
  return { title, body: (trailers.length > 0 ? rest.slice(0, -1) : rest).join('\n\n'), trailers };
}

/**
 * Is it the commit that these trailers were written for? Incidents are written back together, so one of theirs is
 * enough; others name the feature and the moment and must all be there. Where GitHub squashed it, more may follow
 * the trailers; a person's line cannot be one, because `commitMessage` moves it to the right.
 */
export function saysSo(message: string, wanted: readonly string[]): boolean {
  const lines = new Set(message.split('\n'));
  const incidents = wanted.filter((trailer) => trailer.startsWith('Rollout-Incident:'));
  if (incidents.length > 0) return incidents.some((trailer) => lines.has(trailer));
  return wanted.length > 0 && wanted.every((trailer) => lines.has(trailer));
}

/** Was it made by us? */
export function isOurs(message: string): boolean {
  return parseCommitMessage(message).trailers.length > 0;
}
