import type { Queryable } from '../db/client.ts';

/** What the server says of itself and of who is asking. */
export interface ServerFacts {
  /** Such as `16.4`. */
  version: string;
  user: string;
  /** Which of our roles are there. */
  roles: string[];
  /** Those of them that this user has the powers of. */
  member_of: string[];
  /** Owns the tables, and so may migrate. */
  owner: boolean;
  /** May change configuration. */
  may_write: boolean;
  /** A read replica: whatever may be written, is not written here. */
  standby: boolean;
}

/** The roles that the migrations create, where they may. */
export const ROLES = ['rollout_reader', 'rollout_controller', 'rollout_recorder'] as const;

/** Asked before it is known whether the tables are there: what is not, is not owned and not written. */
export async function readServerFacts(db: Queryable): Promise<ServerFacts> {
  const { rows } = await db.query<ServerFacts>(
    `select current_setting('server_version') as version, current_user::text as user,
       coalesce((select array_agg(r.rolname::text order by r.rolname) from pg_roles r where r.rolname = any ($1)), '{}') as roles,
       coalesce((select array_agg(r.rolname::text order by r.rolname) from pg_roles r
         where r.rolname = any ($1) and pg_has_role(current_user, r.oid, 'usage')), '{}') as member_of,
       coalesce((select pg_has_role(current_user, c.relowner, 'usage') from pg_class c
         where c.oid = to_regclass('public.rollout_configuration')), false) as owner,
       coalesce((select has_table_privilege(c.oid, 'update') from pg_class c
         where c.oid = to_regclass('public.rollout_configuration')), false) as may_write, pg_is_in_recovery() as standby`,
    [[...ROLES]],
  );
  const [facts] = rows;
  if (!facts) throw new Error('the server said nothing of itself');
  return facts;
}
