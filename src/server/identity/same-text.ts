import { createHash, timingSafeEqual } from 'node:crypto';

/** Are two secrets the same? In a time that does not depend on where they differ, or on how long either is. */
export function sameText(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
