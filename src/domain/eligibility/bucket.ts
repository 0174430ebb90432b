/**
 * A subject's fixed bucket 0-9999 for a salt.
 *
 * `bucket = ((h & 4294967295) * 10000) >> 32` with `h = hashtextextended(subject_id, hashtextextended(salt, 0))`,
 * PostgreSQL's own 64-bit text hash with a seed (lookup3 by Bob Jenkins, 1996-2006, public domain; the seed is mixed in
 * first). The SQL function `rollout_bucket` calls PostgreSQL's; this is the same arithmetic over UTF-8 bytes,
 * little-endian. `test/store/bucket.test.ts` compares the two.
 */

export const BUCKETS = 10_000;

/** A 64-bit seed as two unsigned halves: JavaScript numbers hold 53 bits. */
export interface Seed {
  readonly high: number;
  readonly low: number;
}

const ZERO: Seed = { high: 0, low: 0 };
const TWO_TO_32 = 4_294_967_296;

/**
 * A hash that `hashInto` fills. Callers keep one instance: a decision must not allocate, and these signed 32-bit halves
 * are stored without allocation.
 */
export class Hash {
  high = 0;
  low = 0;
  /**
   * True if the text is printable ASCII without a space, as nearly every id is, so that it passes the rules for
   * characters of an id. Checking that in a second pass would cost a third of a decision.
   */
  plain = false;
}

/** Bucket 0-9999 of the subject `id` for the salt. Hashes the salt too; `bucketFor` skips that. */
export function bucket(salt: string, id: string): number {
  return bucketFor(seedOf(salt), id);
}

/** Returns a salt's seed: compute it once per feature. */
export function seedOf(salt: string): Seed {
  const { high, low } = hashOf(salt, ZERO);
  return { high: high >>> 0, low: low >>> 0 };
}

/** Bucket 0-9999 of the subject `id` for a salt's seed. */
export function bucketFor(seed: Seed, id: string): number {
  return bucketOfLow(hashOf(id, seed).low);
}

function hashOf(text: string, seed: Seed): Hash {
  const hash = new Hash();
  hashInto(seed, text, hash);
  return hash;
}

/**
 * Returns a bound for the low half of a hash: the half, as an unsigned number, is below the bound exactly if its bucket
 * is below `buckets`. Comparing with the bound saves each decision a multiplication.
 */
export function lowHalvesBelow(buckets: number): number {
  return Math.ceil((buckets * TWO_TO_32) / BUCKETS);
}

/** The bucket of a hash's low half. */
export function bucketOfLow(low: number): number {
  // low * 10000 stays below 2^46, so the product is exact.
  return Math.floor(((low >>> 0) * BUCKETS) / TWO_TO_32);
}

/** The whole hash, as PostgreSQL's signed `bigint`. For the self-check and tests. */
export function hashText(text: string, seed: bigint = 0n): bigint {
  const { high, low } = hashOf(text, {
    high: Number((seed >> 32n) & 0xffffffffn),
    low: Number(seed & 0xffffffffn),
  });
  return BigInt.asIntN(64, (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
}

/**
 * Hashes a text into `out`. `bytes`: each character of the text is already one UTF-8 byte.
 *
 * Written out with local variables, because a version in steps over shared state takes twice the time, and hashing is
 * most of a decision's cost. Takes twelve characters a round while they are ASCII, then the rest, then the finish.
 */
export function hashInto(seed: Seed, text: string, out: Hash, bytes = false): void {
  const length = text.length;
  let a = (0x9e3779b9 + length + 3_923_095) | 0;
  let b = a;
  let c = a;
  if (seed.high !== 0 || seed.low !== 0) {
    a = (a + seed.high) | 0;
    b = (b + seed.low) | 0;
    a = (a - c) ^ ((c << 4) | (c >>> 28));
    c = (c + b) | 0;
    b = (b - a) ^ ((a << 6) | (a >>> 26));
    a = (a + c) | 0;
    c = (c - b) ^ ((b << 8) | (b >>> 24));
    b = (b + a) | 0;
    a = (a - c) ^ ((c << 16) | (c >>> 16));
    c = (c + b) | 0;
    b = (b - a) ^ ((a << 19) | (a >>> 13));
    a = (a + c) | 0;
    c = (c - b) ^ ((b << 4) | (b >>> 28));
    b = (b + a) | 0;
  }
  let at = 0;
  // OR of every character code plus one: above 0x7f if a character is not ASCII, or is DEL.
  let seen = 0;
  // Negative if a character is a space or a control character.
  let floor = 0;
  for (; length - at >= 12; at += 12) {
    const c0 = text.charCodeAt(at);
    const c1 = text.charCodeAt(at + 1);
    const c2 = text.charCodeAt(at + 2);
    const c3 = text.charCodeAt(at + 3);
    const c4 = text.charCodeAt(at + 4);
    const c5 = text.charCodeAt(at + 5);
    const c6 = text.charCodeAt(at + 6);
    const c7 = text.charCodeAt(at + 7);
    const c8 = text.charCodeAt(at + 8);
    const c9 = text.charCodeAt(at + 9);
    const c10 = text.charCodeAt(at + 10);
    const c11 = text.charCodeAt(at + 11);
    seen |= (c0 + 1) | (c1 + 1) | (c2 + 1) | (c3 + 1) | (c4 + 1) | (c5 + 1);
    seen |= (c6 + 1) | (c7 + 1) | (c8 + 1) | (c9 + 1) | (c10 + 1) | (c11 + 1);
    floor |= (c0 - 0x21) | (c1 - 0x21) | (c2 - 0x21) | (c3 - 0x21) | (c4 - 0x21) | (c5 - 0x21);
    floor |= (c6 - 0x21) | (c7 - 0x21) | (c8 - 0x21) | (c9 - 0x21) | (c10 - 0x21) | (c11 - 0x21);
    a = (a + (c0 | (c1 << 8) | (c2 << 16) | (c3 << 24))) | 0;
    b = (b + (c4 | (c5 << 8) | (c6 << 16) | (c7 << 24))) | 0;
    c = (c + (c8 | (c9 << 8) | (c10 << 16) | (c11 << 24))) | 0;
    a = (a - c) ^ ((c << 4) | (c >>> 28));
    c = (c + b) | 0;
    b = (b - a) ^ ((a << 6) | (a >>> 26));
    a = (a + c) | 0;
    c = (c - b) ^ ((b << 8) | (b >>> 24));
    b = (b + a) | 0;
    a = (a - c) ^ ((c << 16) | (c >>> 16));
    c = (c + b) | 0;
    b = (b - a) ^ ((a << 19) | (a >>> 13));
    a = (a + c) | 0;
    c = (c - b) ^ ((b << 4) | (b >>> 28));
    b = (b + a) | 0;
  }
  for (let place = 0; at < length; at++, place++) {
    const code = text.charCodeAt(at);
    seen |= code + 1;
    floor |= code - 0x21;
    // The lowest byte of c belongs to the length, so c is filled from its second byte.
    if (place < 4) a = (a + (code << (8 * place))) | 0;
    else if (place < 8) b = (b + (code << (8 * (place - 4)))) | 0;
    else c = (c + (code << (8 * (place - 7)))) | 0;
  }
  if (seen > 0x7f && !bytes) {
    hashInto(seed, utf8(text), out, true);
    out.plain = false;
    return;
  }
  out.plain = floor >= 0;
  c = (c ^ b) - ((b << 14) | (b >>> 18));
  a = (a ^ c) - ((c << 11) | (c >>> 21));
  b = (b ^ a) - ((a << 25) | (a >>> 7));
  c = (c ^ b) - ((b << 16) | (b >>> 16));
  a = (a ^ c) - ((c << 4) | (c >>> 28));
  b = (b ^ a) - ((a << 14) | (a >>> 18));
  c = (c ^ b) - ((b << 24) | (b >>> 8));
  out.high = b | 0;
  out.low = c | 0;
}

const encoder = new TextEncoder();
/** A number of arguments that every engine accepts in one call. */
const SLICE = 8_192;

/** Returns the UTF-8 bytes of a text, one character per byte. */
function utf8(text: string): string {
  const bytes = encoder.encode(text);
  let characters = '';
  for (let at = 0; at < bytes.length; at += SLICE) {
    characters += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  }
  return characters;
}
