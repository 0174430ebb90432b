/**
 * A subject's fixed place 0-9999 for a salt.
 *
 * `bucket = ((h & 4294967295) * 10000) >> 32` with
 * `h = hashtextextended(subject_id, hashtextextended(salt, 0))`, PostgreSQL's own 64-bit text hash with a
 * seed (lookup3 by Bob Jenkins, 1996-2006, public domain; the seed is mixed in first). The SQL function
 * `rollout_bucket` calls PostgreSQL's; this is the same arithmetic over UTF-8 bytes, little-endian.
 * `test/store/bucket.test.ts` holds the two against each other.
 */

export const BUCKETS = 10_000;

/** A 64-bit seed as two unsigned halves: JavaScript numbers hold 53 bits. */
export interface Seed {
  readonly high: number;
  readonly low: number;
}

const ZERO: Seed = { high: 0, low: 0 };
const TWO_TO_32 = 4_294_967_296;

/** The mixing state. One for the module: JavaScript runs one hash at a time, and a decision must not allocate. */
let a = 0;
let b = 0;
let c = 0;

/** Bucket 0-9999 of the subject `id` for the salt. Hashes the salt too; `bucketFor` skips that. */
export function bucket(salt: string, id: string): number {
  return bucketFor(seedOf(salt), id);
}

/** What a salt contributes: compute it once per feature. */
export function seedOf(salt: string): Seed {
  hash(salt, ZERO);
  return { high: b >>> 0, low: c >>> 0 };
}

/** Bucket 0-9999 of the subject `id` for a salt's seed. */
export function bucketFor(seed: Seed, id: string): number {
  return bucketOfLow(hashFor(seed, id));
}

/**
 * Hashes `id` for a decision: the low half is returned, the high half stays in `highHalf` until the next hash.
 * Both are signed 32-bit numbers, which need no memory of their own.
 */
export function hashFor(seed: Seed, id: string): number {
  hash(id, seed);
  return c | 0;
}

/** The high half of the hash that was computed last. */
export function highHalf(): number {
  return b | 0;
}

/**
 * The low half of a hash is below this, as an unsigned number, exactly when its bucket is below `buckets`: the
 * comparison of a decision without its multiplication.
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
  hash(text, { high: Number((seed >> 32n) & 0xffffffffn), low: Number(seed & 0xffffffffn) });
  return BigInt.asIntN(64, (BigInt(b >>> 0) << 32n) | BigInt(c >>> 0));
}

function hash(text: string, seed: Seed): void {
  const length = text.length;
  start(length, seed);
  let at = 0;
  for (; length - at >= 12; at += 12) {
    const first = word(text, at);
    const second = word(text, at + 4);
    const third = word(text, at + 8);
    if (first < 0 || second < 0 || third < 0) {
      hashBytes(utf8(text), seed);
      return;
    }
    a = (a + first) | 0;
    b = (b + second) | 0;
    c = (c + third) | 0;
    mix();
  }
  if (addTail(text, at, length)) finish();
  else hashBytes(utf8(text), seed);
}

/** Four ASCII characters as a little-endian word, or -1 where one of them is not ASCII. */
function word(text: string, at: number): number {
  const first = text.charCodeAt(at);
  const second = text.charCodeAt(at + 1);
  const third = text.charCodeAt(at + 2);
  const fourth = text.charCodeAt(at + 3);
  if ((first | second | third | fourth) > 0x7f) return -1;
  return first | (second << 8) | (third << 16) | (fourth << 24);
}

/** Adds the last 0 to 11 characters; false where one of them is not ASCII. */
function addTail(text: string, from: number, length: number): boolean {
  let seen = 0;
  for (let at = from; at < length; at++) {
    const code = text.charCodeAt(at);
    seen |= code;
    addTailByte(at - from, code);
  }
  return seen <= 0x7f;
}

/** Byte 0-11 of the last block. The lowest byte of c belongs to the length, so c is filled from its second byte. */
function addTailByte(place: number, byte: number): void {
  if (place < 4) a = (a + (byte << (8 * place))) | 0;
  else if (place < 8) b = (b + (byte << (8 * (place - 4)))) | 0;
  else c = (c + (byte << (8 * (place - 7)))) | 0;
}

function hashBytes(bytes: Uint8Array, seed: Seed): void {
  const length = bytes.length;
  start(length, seed);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  let at = 0;
  for (; length - at >= 12; at += 12) {
    a = (a + view.getUint32(at, true)) | 0;
    b = (b + view.getUint32(at + 4, true)) | 0;
    c = (c + view.getUint32(at + 8, true)) | 0;
    mix();
  }
  for (let place = 0; at + place < length; place++) addTailByte(place, bytes[at + place] ?? 0);
  finish();
}

function start(length: number, seed: Seed): void {
  a = b = c = (0x9e3779b9 + length + 3_923_095) | 0;
  if (seed.high === 0 && seed.low === 0) return;
  a = (a + seed.high) | 0;
  b = (b + seed.low) | 0;
  mix();
}

const encoder = new TextEncoder();

function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

function mix(): void {
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

function finish(): void {
  c = (c ^ b) - ((b << 14) | (b >>> 18));
  a = (a ^ c) - ((c << 11) | (c >>> 21));
  b = (b ^ a) - ((a << 25) | (a >>> 7));
  c = (c ^ b) - ((b << 16) | (b >>> 16));
  a = (a ^ c) - ((c << 4) | (c >>> 28));
  b = (b ^ a) - ((a << 14) | (a >>> 18));
  c = (c ^ b) - ((b << 24) | (b >>> 8));
}
