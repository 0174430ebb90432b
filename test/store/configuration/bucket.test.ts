import { describe, expect, test } from 'vitest';
import { bucketFor, hashText, seedOf } from '../../../src/domain/eligibility/bucket.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { selfCheck } from '../../../src/store/db/self-check.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const random = seededRandom(20_261_122);

const below = (limit: number) => Math.floor(random() * limit);
const text = (length: number, character: () => number) =>
  Array.from({ length }, () => String.fromCodePoint(character())).join('');

const ascii = () => 1 + below(127);
/** Any character that PostgreSQL stores: not 0, and no half of a surrogate pair. */
const unicode = () => {
  const code = 1 + below(0x10fffe);
  return code >= 0xd800 && code <= 0xdfff ? 0xe000 : code;
};
const emoji = () => 0x1f300 + below(0x2ff);
const latin = () => 0x61 + below(26);
const combining = () => 0x300 + below(0x70);

const strings = [
  ...Array.from({ length: 41 * 1_500 }, (_, place) => text(place % 41, ascii)),
  ...Array.from({ length: 15_000 }, (_, place) => text(place % 31, unicode)),
  ...Array.from({ length: 10_000 }, (_, place) => text(place % 15, emoji)),
  ...Array.from({ length: 10_000 }, (_, place) =>
    text(place % 20, () => (random() < 0.5 ? latin() : combining())),
  ),
  // Where the first character beyond ASCII stands decides which path the hash takes.
  ...Array.from({ length: 4_000 }, (_, place) => `${text(place % 40, ascii)}ü${text(below(30), ascii)}`),
];

describe('TypeScript and hashtextextended of PostgreSQL', () => {
  test('the comparison of buckets covers at least 100,000 strings', () => {
    expect(strings.length).toBeGreaterThanOrEqual(100_000);
    for (let length = 0; length <= 40; length++) {
      expect(strings.filter((one) => one.length === length).length).toBeGreaterThan(1_000);
    }
  });

  test.each(['', 'a', 'hybrid_progressive_capture', 'größe', '🦑 mit Salz', 'exactly12chr'])(
    'TypeScript and PostgreSQL agree on the hash and the bucket of every string for the salt %j',
    async (salt) => {
      const [row] = await db.rows<{ hashes: string; buckets: string }>(
        `select string_agg(hashtextextended(id, hashtextextended($1, 0))::text, ' ' order by place) as hashes,
           string_agg(rollout_bucket($1, id)::text, ' ' order by place) as buckets
         from unnest($2::text[]) with ordinality s(id, place)`,
        [salt, strings],
      );
      const seed = hashText(salt);
      expect(
        firstDifference(
          row?.hashes,
          strings.map((id) => hashText(id, seed)),
        ),
      ).toBeNull();
      const prepared = seedOf(salt);
      expect(
        firstDifference(
          row?.buckets,
          strings.map((id) => bucketFor(prepared, id)),
        ),
      ).toBeNull();
    },
  );

  test('TypeScript and PostgreSQL agree on half a surrogate pair, which the driver sends as U+FFFD', async () => {
    const half = 'repository-\ud83e';
    const [row] = await db.rows(`select hashtextextended($1, 0)::text as hash`, [half]);
    expect(row?.hash).toBe(String(hashText(half)));
  });

  test('TypeScript and PostgreSQL agree on the stored vectors, so the self-check lets the controller run', async () => {
    await expect(selfCheck(db.pool)).resolves.toBeUndefined();
  });

  test('the self-check refuses a server that puts subjects into other buckets', async () => {
    const client = await db.client();
    await client.query(`begin; create or replace function rollout_bucket(salt text, subject_id text) returns integer
      language sql immutable as $$ select abs(hashtext(subject_id || salt) % 10000) $$`);
    await expect(selfCheck(client)).rejects.toMatchObject({ code: 'database_incompatible' });
    await client.query('rollback');
  });
});

/** The first string on which the two differ; comparing whole lists would print 100,000 lines. */
function firstDifference(server: string | undefined, here: readonly (bigint | number)[]): unknown {
  const there = (server ?? '').split(' ');
  if (there.length !== here.length) return { there: there.length, here: here.length };
  const place = here.findIndex((value, index) => String(value) !== there[index]);
  return place < 0 ? null : { string: strings[place], there: there[place], here: String(here[place]) };
}
