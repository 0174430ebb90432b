import { codePointName } from '../../lib/text.ts';

/** Largest file that is read, in bytes: 5 MiB. */
const LARGEST_FILE = 5 * 1024 * 1024;

// Characters that YAML calls unprintable: in a double-quoted text they must be escaped.
const UNPRINTABLE = /[^\P{Cc}\t\n\r\u0085]|[\ufffe\uffff]|\p{Cs}|\r(?!\n)/u;

/** The pointer of Git LFS, in place of a file that was not fetched or was read without its filter. */
const LFS_POINTER = /^\ufeff?version https:\/\/git-lfs\.github\.com\/spec\//;

type TextResult = { ok: true; text: string } | { ok: false; message: string; text: string; offset: number };

/**
 * Decodes a file: valid UTF-8, at most 5 MiB, no unprintable characters. A byte order mark stays in the text.
 *
 * If it is refused, `text` and `offset` show where, as far as the file could be decoded.
 */
export function readText(input: string | Uint8Array): TextResult {
  const bytes = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength;
  if (bytes > LARGEST_FILE) {
    return refused(`the file has ${mebibytes(bytes)} MiB; at most 5 MiB are read`);
  }
  const decoded = typeof input === 'string' ? ({ ok: true, text: input } as const) : decode(input);
  if (!decoded.ok) return decoded;
  const { text } = decoded;
  if (LFS_POINTER.test(text)) {
    const way = 'commit the file itself, and remove its path from .gitattributes';
    return refused(`the file is a Git LFS pointer, not the file itself; ${way}`);
  }
  const found = UNPRINTABLE.exec(text);
  if (!found) return decoded;
  return refused(`the file has ${unprintable(found[0])}`, text, found.index);
}

function decode(bytes: Uint8Array): TextResult {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return refused('the file is UTF-16; save it as UTF-8');
  }
  const whole = decodePrefix(bytes, bytes.length, false);
  if (whole !== null) return { ok: true, text: whole };
  const valid = longestValidPrefix(bytes);
  const text = decodePrefix(bytes, valid, true) ?? '';
  // The decoded text ends before the broken character, of which `valid` may already count some bytes.
  const at = Buffer.byteLength(text);
  const what =
    valid === bytes.length
      ? 'it ends within a character'
      : `byte ${at + 1} is ${hexadecimal(bytes[at] ?? 0)}`;
  return refused(`the file is not valid UTF-8: ${what}`, text, text.length);
}

function decodePrefix(bytes: Uint8Array, length: number, stream: boolean): string | null {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return decoder.decode(bytes.subarray(0, length), { stream });
  } catch {
    return null;
  }
}

/** Finds the longest prefix that is valid UTF-8, by bisection. */
function longestValidPrefix(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decodePrefix(bytes, middle, true) === null) high = middle - 1;
    else low = middle;
  }
  return low;
}

function unprintable(character: string): string {
  if (character === '\0') return 'a NUL character: it is not a text file, or not in UTF-8';
  if (character === '\r') return 'a carriage return without a line feed; end lines with LF or CRLF';
  return `the unprintable character ${codePointName(character)}; YAML allows it only as an escape in double quotes`;
}

function hexadecimal(byte: number): string {
  return `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Rounded up to a hundredth, so that a too large file also looks too large. */
function mebibytes(bytes: number): string {
  return (Math.ceil((bytes / (1024 * 1024)) * 100) / 100).toFixed(2);
}

function refused(message: string, text = '', offset = 0): TextResult {
  return { ok: false, message, text, offset };
}
