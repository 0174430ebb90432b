import type { Queryable } from './client.ts';

/** Rights on the controller's tables and functions outside the grant table, and missing rights of its roles. */
export interface Rights {
  /** Rights of everybody, by name: PUBLIC, anon or authenticated. */
  open: Holder[];
  /** Rights of other roles. */
  others: Holder[];
  /** Number of missing rights of the controller's roles. */
  missing: number;
  /** Roles that may create tables and functions in schema public. */
  creators: string[];
}

export interface Holder {
  role: string;
  /** Number of tables and functions. */
  objects: number;
}

/** Roles that include everybody, on hosted databases everybody on the internet. */
const EVERYBODY = ['PUBLIC', 'anon', 'authenticated'];

export async function readRights(db: Queryable): Promise<Rights> {
  const { rows } = await db.query<Holder>(
    `select role, count(distinct object)::float8 as objects from public.rollout_rights()
     where held and not wanted group by role order by role`,
  );
  const { rows: lacking } = await db.query<{ missing: number }>(
    `select count(*)::float8 as missing from public.rollout_rights() where wanted and not held`,
  );
  const { rows: creators } = await db.query<{ role: string }>(
    `select coalesce(r.rolname::text, 'PUBLIC') as role
     from pg_namespace n cross join aclexplode(n.nspacl) a left join pg_roles r on r.oid = a.grantee
     where n.nspname = 'public' and a.privilege_type = 'CREATE' and a.grantee <> n.nspowner
       and not coalesce(r.rolsuper, false)
       and a.grantee <> (select c.relowner from pg_class c where c.oid = 'public.rollout_state'::regclass)
     order by 1`,
  );
  return {
    open: rows.filter(({ role }) => EVERYBODY.includes(role)),
    others: rows.filter(({ role }) => !EVERYBODY.includes(role)),
    missing: lacking[0]?.missing ?? 0,
    creators: creators.map(({ role }) => role),
  };
}
