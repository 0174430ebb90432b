import { bucket } from '../../domain/eligibility/bucket.ts';
import { BUCKET_VECTORS } from '../../domain/eligibility/bucket-vectors.ts';
import { RolloutError } from '../../errors.ts';
import { type Queryable, soonAnswered } from './client.ts';
import { translated } from './driver-errors.ts';

/**
 * Compares buckets of this build, of the server, and stored ones. Throws `database_incompatible` if they differ or the
 * server rounds numbers, and `database_not_migrated` if the server lacks the function.
 */
export async function selfCheck(db: Queryable): Promise<void> {
  const { rows } = await translated(() =>
    db.query<{ bucket: number; digits: number }>(
      soonAnswered({
        text: `select rollout_bucket(salt, id) as bucket, current_setting('extra_float_digits')::integer as digits
       from unnest($1::text[], $2::text[]) with ordinality v(salt, id, place)
       order by place`,
        values: [BUCKET_VECTORS.map(([salt]) => salt), BUCKET_VECTORS.map(([, id]) => id)],
      }),
    ),
  );
  const digits = rows[0]?.digits ?? 0;
  if (digits < 0) {
    throw new RolloutError(
      'database_incompatible',
      `extra_float_digits is ${digits} for this role and database, so numbers arrive rounded`,
      { hint: 'set it to 0 or more: alter database ... set extra_float_digits = 1' },
    );
  }
  for (const [index, [salt, id, stored]] of BUCKET_VECTORS.entries()) {
    const [here, there] = [bucket(salt, id), rows[index]?.bucket];
    if (here === stored && there === stored) continue;
    throw new RolloutError(
      'database_incompatible',
      `the bucket of ${JSON.stringify(id)} is ${stored}, but this build says ${here} and the server ${there}`,
      { hint: 'do not go on: subjects would move between in and out; report this with both versions' },
    );
  }
}
