import type { Queryable } from '../db/client.ts';

/** Facts about the server and the connected role. */
export interface ServerFacts {
  /** Version such as `16.4`. */
  version: string;
  user: string;
  /** Existing roles of the controller. */
  roles: string[];
  /** Those of which the connected role is a member. */
  member_of: string[];
  /** True: owns the tables, and so may migrate. */
  owner: boolean;
  /** True: may change configuration. */
  may_write: boolean;
  /** True: a read replica, which accepts no writes, whatever the rights. */
  standby: boolean;
}

/** The roles that the migrations create, if they may. */
export const ROLES = ['rollout_reader', 'rollout_controller', 'rollout_recorder'] as const;

/** Also works before the tables exist: a missing table counts as neither owned nor writable. */
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
