/**
 * Salts, ids and their buckets as PostgreSQL 18 computed them. A server or a build that disagrees would move
 * subjects in and out of every rollout, so it is refused at start.
 */
export const BUCKET_VECTORS: readonly (readonly [salt: string, id: string, bucket: number])[] = [
  ['hybrid_progressive_capture', 'octocat/hello-world', 3196],
  ['hybrid_progressive_capture', '7d0f2a4e-5b1c-4a8e-9f3d-2c6b8e1a4d70', 3055],
  ['new_checkout', '42', 6423],
  ['', '', 9258],
  ['a', 'exactly12chr', 1927],
  ['a', 'thirteen char', 7548],
  ['salt with spaces', 'twenty-four characters!!', 366],
  ['größe', 'überfluß/日本語', 77],
  ['emoji', '🦑', 9182],
];
