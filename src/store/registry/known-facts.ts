import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import type { Queryable } from '../db/client.ts';

/** Facts that features ask for, of subjects of one type. */
export interface AskedFacts {
  attributes: readonly string[];
  /** Values by attribute, from `where` and `not`. */
  values: ReadonlyMap<string, readonly string[]>;
  /** Owners, as `acme/*` in lower case. */
  owners: readonly string[];
}

/** Asked facts that the registry does not have. */
export interface UnknownFacts {
  /** Attributes that no subject has. */
  attributes: string[];
  /** Attributes that some subjects have as another type than text, which counts as absent. */
  notText: string[];
  /** Values that no subject has, by attribute. */
  values: Map<string, string[]>;
  owners: string[];
}

const TABLES = {
  repository: 'repository_categories',
  customer: 'rollout_customers',
} as const satisfies Record<SubjectType, string>;

/** Returns the facts that no subject of this type has; empty if the registry has no subject of this type. */
export async function unknownFacts(
  db: Queryable,
  subject: SubjectType,
  { attributes, values, owners }: AskedFacts,
): Promise<UnknownFacts> {
  const unknown: UnknownFacts = { attributes: [], notText: [], values: new Map(), owners: [] };
  const table = TABLES[subject];
  if (attributes.length + owners.length === 0) return unknown;
  const { rowCount } = await db.query(`select from ${table} limit 1`);
  if (rowCount === 0) return unknown;
  for (const attribute of attributes) {
    const found = await attributeIn(db, table, attribute, values.get(attribute) ?? []);
    if (!found.known) unknown.attributes.push(attribute);
    if (found.not_text) unknown.notText.push(attribute);
    if (found.known && found.missing.length > 0) unknown.values.set(attribute, found.missing);
  }
  const { rows } = await db.query<{ owner: string }>(
    `select o.owner from unnest($1::text[]) o(owner) where not exists (
       select from repository_categories r where lower(r.full_name collate "C") >= left(o.owner, -1) collate "C"
         and lower(r.full_name collate "C") < (left(o.owner, -2) || '0') collate "C")`,
    [owners],
  );
  return { ...unknown, owners: rows.map(({ owner }) => owner) };
}

async function attributeIn(db: Queryable, table: string, attribute: string, values: readonly string[]) {
  const { rows } = await db.query<{ known: boolean; not_text: boolean; missing: string[] }>(
    `select exists (select from ${table} where facts ? $1) as known,
       exists (select from ${table} where attributes ? $1 and jsonb_typeof(attributes -> $1) <> 'string') as not_text,
       array(select unnest($2::text[]) except select facts ->> $1 from ${table} where facts ->> $1 = any ($2)
         order by 1) as missing`,
    [attribute, values],
  );
  const [row] = rows;
  if (!row) throw new Error('a question about an attribute has no answer');
  return row;
}
