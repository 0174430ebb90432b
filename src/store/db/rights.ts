import type { Queryable } from './client.ts';

/** Rights on our tables and functions beside the table of grants, and rights that its roles lack. */
export interface Rights {
  /** What everybody holds, by name: PUBLIC, anon or authenticated. */
  open: Holder[];
  /** What other roles hold. */
  others: Holder[];
  /** How many rights of our roles are missing. */
  missing: number;
  /** Roles that may create in schema public, and so can put tables and functions there. */
  creators: string[];
}

export interface Holder {
  role: string;
  /** Number of tables and functions. */
  objects: number;
}

/** Everybody, and on hosted databases everybody on the internet. */
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
