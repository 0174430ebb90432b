import { seedOf } from '../../domain/eligibility/bucket.ts';
import { errorText } from '../../lib/error-text.ts';
import type { WrittenContent } from './content-of.ts';
import { readContent } from './read.ts';
import { WIRE_VERSION, type WireContent } from './wire.ts';

/** A snapshot as stored on disk. */
export interface Kept {
  content: WireContent;
  /** When the database last confirmed it; milliseconds since 1970. */
  confirmed_at: number;
  /** Address of its database or relay; null if not known. */
  of: string | null;
}

const KIND = 'rollout snapshot';

/** Returns a head line with a hash, and the content. */
export function keptText({
  content,
  confirmed_at,
  of,
}: Omit<Kept, 'content'> & { content: WrittenContent }): string {
  const body = JSON.stringify(content);
  const head = {
    kind: KIND,
    version: WIRE_VERSION,
    confirmed_at,
    of,
    hash: hashOf(`${confirmed_at} ${of} ${body}`),
  };
  return `${JSON.stringify(head)}\n${body}\n`;
}

/** Reads a stored snapshot, or returns what is wrong with it. */
export function readKept(text: string): Kept | { problem: string } {
  const end = text.indexOf('\n');
  const [head, body] = [text.slice(0, Math.max(0, end)), text.slice(end + 1).trimEnd()];
  try {
    const { kind, version, confirmed_at, of, hash } = JSON.parse(head) as Record<string, unknown>;
    if (kind !== KIND) return { problem: 'it is not a snapshot' };
    if (version !== WIRE_VERSION)
      return { problem: `it has version ${version}, and this library reads ${WIRE_VERSION}` };
    if (hash !== hashOf(`${confirmed_at} ${of} ${body}`)) return { problem: 'it is damaged' };
    return {
      content: readContent(JSON.parse(body)),
      confirmed_at: Number(confirmed_at),
      of: (of ?? null) as string | null,
    };
  } catch (error) {
    return { problem: head === '' ? 'it is not a snapshot' : `it is damaged: ${errorText(error)}` };
  }
}

/**
 * Returns when a stored snapshot was confirmed, and its source, without reading the rest; null if it is not a snapshot.
 */
export function keptHead(text: string): Pick<Kept, 'confirmed_at' | 'of'> | null {
  try {
    const { kind, confirmed_at, of } = JSON.parse(text.slice(0, text.indexOf('\n'))) as Record<
      string,
      unknown
    >;
    return kind === KIND ? { confirmed_at: Number(confirmed_at), of: (of ?? null) as string | null } : null;
  } catch {
    return null;
  }
}

/** Detects damage, not intent: whoever may write the file may also write a hash. */
function hashOf(text: string): string {
  const { high, low } = seedOf(text);
  return `${high.toString(16)}-${low.toString(16)}`;
}
