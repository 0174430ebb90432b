import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  dailyTimes
} from "./chunk-EEBLTFAB.js";
import {
  LATE_MEANS,
  NOTHING_EXPECTED,
  SHORTEST_PATIENCE,
  STEP_SECONDS
} from "./chunk-PIILY4BD.js";
import {
  CHECKPOINT_SECONDS,
  LEAST_TIMED,
  evidenceOf
} from "./chunk-KQIIWPI2.js";
import {
  testsThatDecide
} from "./chunk-BYGHVZ3S.js";
import {
  NOTHING_HEARD
} from "./chunk-U5RFSSKE.js";
import {
  settingsOf
} from "./chunk-BMBMLGWI.js";
import {
  byKey,
  countersOf
} from "./chunk-3ADH3BHO.js";
import {
  reasonFacts
} from "./chunk-TEAR7GFV.js";
import {
  OWN_FIELDS
} from "./chunk-DXL3VAZT.js";
import {
  CATEGORIES,
  OWNER,
  asResolved,
  atMost,
  canonicalJson,
  foldName,
  isOff,
  isOwnerPattern,
  isWithin,
  narrowingOf,
  resolveSince,
  sortedSet,
  strictlyLess
} from "./chunk-T5UFH23J.js";
import {
  refusedCharacter,
  subjectProblem
} from "./chunk-RPGLZE3Y.js";
import {
  same
} from "./chunk-YHZEJLZZ.js";
import {
  atMinute
} from "./chunk-264FZAQV.js";
import {
  quoted
} from "./chunk-XRYC3SR4.js";
import {
  LIMITS,
  PATIENT_LIMITS,
  isClash,
  limited,
  openPool,
  readOnly,
  refuseMalformed,
  refusePending,
  singly,
  soonAnswered,
  sqlState,
  transaction,
  translated
} from "./chunk-PQGTPEAP.js";
import {
  retry
} from "./chunk-N4SPL67E.js";
import {
  doneOnce
} from "./chunk-6XXLSJON.js";
import {
  errorCode,
  errorText
} from "./chunk-5VT6VSXC.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/domain/eligibility/bucket.ts
var BUCKETS = 1e4;
var ZERO = { high: 0, low: 0 };
var TWO_TO_32 = 4294967296;
var Hash = class {
  high = 0;
  low = 0;
  /**
   * True if the text is printable ASCII without a space, as nearly every id is, so that it passes the rules for
   * characters of an id. Checking that in a second pass would cost a third of a decision.
   */
  plain = false;
};
function bucket(salt, id) {
  return bucketFor(seedOf(salt), id);
}
function seedOf(salt) {
  const { high, low } = hashOf(salt, ZERO);
  return { high: high >>> 0, low: low >>> 0 };
}
function bucketFor(seed, id) {
  return bucketOfLow(hashOf(id, seed).low);
}
function hashOf(text, seed) {
  const hash = new Hash();
  hashInto(seed, text, hash);
  return hash;
}
function bucketOfLow(low) {
  return Math.floor((low >>> 0) * BUCKETS / TWO_TO_32);
}
function hashInto(seed, text, out, bytes = false) {
  const length = text.length;
  let a = 2654435769 + length + 3923095 | 0;
  let b = a;
  let c = a;
  if (seed.high !== 0 || seed.low !== 0) {
    a = a + seed.high | 0;
    b = b + seed.low | 0;
    a = a - c ^ (c << 4 | c >>> 28);
    c = c + b | 0;
    b = b - a ^ (a << 6 | a >>> 26);
    a = a + c | 0;
    c = c - b ^ (b << 8 | b >>> 24);
    b = b + a | 0;
    a = a - c ^ (c << 16 | c >>> 16);
    c = c + b | 0;
    b = b - a ^ (a << 19 | a >>> 13);
    a = a + c | 0;
    c = c - b ^ (b << 4 | b >>> 28);
    b = b + a | 0;
  }
  let at = 0;
  let seen = 0;
  let floor = 0;
  for (; length - at >= 12; at += 12) {
    const c0 = text.charCodeAt(at);
    const c1 = text.charCodeAt(at + 1);
    const c2 = text.charCodeAt(at + 2);
    const c3 = text.charCodeAt(at + 3);
    const c4 = text.charCodeAt(at + 4);
    const c5 = text.charCodeAt(at + 5);
    const c6 = text.charCodeAt(at + 6);
    const c7 = text.charCodeAt(at + 7);
    const c8 = text.charCodeAt(at + 8);
    const c9 = text.charCodeAt(at + 9);
    const c10 = text.charCodeAt(at + 10);
    const c11 = text.charCodeAt(at + 11);
    seen |= c0 + 1 | c1 + 1 | c2 + 1 | c3 + 1 | c4 + 1 | c5 + 1;
    seen |= c6 + 1 | c7 + 1 | c8 + 1 | c9 + 1 | c10 + 1 | c11 + 1;
    floor |= c0 - 33 | c1 - 33 | c2 - 33 | c3 - 33 | c4 - 33 | c5 - 33;
    floor |= c6 - 33 | c7 - 33 | c8 - 33 | c9 - 33 | c10 - 33 | c11 - 33;
    a = a + (c0 | c1 << 8 | c2 << 16 | c3 << 24) | 0;
    b = b + (c4 | c5 << 8 | c6 << 16 | c7 << 24) | 0;
    c = c + (c8 | c9 << 8 | c10 << 16 | c11 << 24) | 0;
    a = a - c ^ (c << 4 | c >>> 28);
    c = c + b | 0;
    b = b - a ^ (a << 6 | a >>> 26);
    a = a + c | 0;
    c = c - b ^ (b << 8 | b >>> 24);
    b = b + a | 0;
    a = a - c ^ (c << 16 | c >>> 16);
    c = c + b | 0;
    b = b - a ^ (a << 19 | a >>> 13);
    a = a + c | 0;
    c = c - b ^ (b << 4 | b >>> 28);
    b = b + a | 0;
  }
  for (let place = 0; at < length; at++, place++) {
    const code = text.charCodeAt(at);
    seen |= code + 1;
    floor |= code - 33;
    if (place < 4) a = a + (code << 8 * place) | 0;
    else if (place < 8) b = b + (code << 8 * (place - 4)) | 0;
    else c = c + (code << 8 * (place - 7)) | 0;
  }
  if (seen > 127 && !bytes) {
    hashInto(seed, utf8(text), out, true);
    out.plain = false;
    return;
  }
  out.plain = floor >= 0;
  c = (c ^ b) - (b << 14 | b >>> 18);
  a = (a ^ c) - (c << 11 | c >>> 21);
  b = (b ^ a) - (a << 25 | a >>> 7);
  c = (c ^ b) - (b << 16 | b >>> 16);
  a = (a ^ c) - (c << 4 | c >>> 28);
  b = (b ^ a) - (a << 14 | a >>> 18);
  c = (c ^ b) - (b << 24 | b >>> 8);
  out.high = b | 0;
  out.low = c | 0;
}
var encoder = new TextEncoder();
var SLICE = 8192;
function utf8(text) {
  const bytes = encoder.encode(text);
  let characters = "";
  for (let at = 0; at < bytes.length; at += SLICE) {
    characters += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  }
  return characters;
}

// src/domain/eligibility/bucket-vectors.ts
var BUCKET_VECTORS = [
  ["hybrid_progressive_capture", "octocat/hello-world", 3196],
  ["hybrid_progressive_capture", "7d0f2a4e-5b1c-4a8e-9f3d-2c6b8e1a4d70", 3055],
  ["new_checkout", "42", 6423],
  ["", "", 9258],
  ["a", "exactly12chr", 1927],
  ["a", "thirteen char", 7548],
  ["salt with spaces", "twenty-four characters!!", 366],
  ["gr\xF6\xDFe", "\xFCberflu\xDF/\u65E5\u672C\u8A9E", 77],
  ["emoji", "\u{1F991}", 9182]
];

// src/store/db/self-check.ts
async function selfCheck(db) {
  const { rows } = await translated(
    () => db.query(
      soonAnswered({
        text: `select rollout_bucket(salt, id) as bucket, current_setting('extra_float_digits')::integer as digits
       from unnest($1::text[], $2::text[]) with ordinality v(salt, id, place)
       order by place`,
        values: [BUCKET_VECTORS.map(([salt]) => salt), BUCKET_VECTORS.map(([, id]) => id)]
      })
    )
  );
  const digits = rows[0]?.digits ?? 0;
  if (digits < 0) {
    throw new RolloutError(
      "database_incompatible",
      `extra_float_digits is ${digits} for this role and database, so numbers arrive rounded`,
      { hint: "set it to 0 or more: alter database ... set extra_float_digits = 1" }
    );
  }
  for (const [index, [salt, id, stored]] of BUCKET_VECTORS.entries()) {
    const [here, there] = [bucket(salt, id), rows[index]?.bucket];
    if (here === stored && there === stored) continue;
    throw new RolloutError(
      "database_incompatible",
      `the bucket of ${JSON.stringify(id)} is ${stored}, but this build says ${here} and the server ${there}`,
      { hint: "do not go on: subjects would move between in and out; report this with both versions" }
    );
  }
}

// src/store/configuration/state.ts
async function readState(db) {
  const { rows } = await db.query(
    `select environment, generation::float8, global_stop, global_stop_reason, global_stop_by, global_stop_at,
       test_repositories, freezes, policy, outcomes, subjects_whole_since, notify, revision, reconciled_at, heartbeat_at, now() as now
     from rollout_state`
  );
  const row = rows[0];
  return {
    environment: row.environment,
    generation: row.generation,
    global_stop: row.global_stop ? { reason: row.global_stop_reason, by: row.global_stop_by, at: row.global_stop_at } : null,
    test_repositories: row.test_repositories,
    freezes: row.freezes,
    policy: row.policy,
    outcomes: row.outcomes,
    subjects_whole_since: row.subjects_whole_since,
    notify: row.notify,
    revision: row.revision,
    reconciled_at: row.reconciled_at,
    heartbeat_at: row.heartbeat_at,
    now: row.now
  };
}
async function governingRevision(db) {
  const { rows } = await db.query(
    `select coalesce(s.revision, (select sealed.revision
       from public.rollout_configuration c, public.rollout_sealed(c) sealed
       where sealed.revision is not null order by c.updated_at desc limit 1)) as revision
     from public.rollout_state s`
  );
  return rows[0]?.revision ?? null;
}

// src/store/db/maintenance.ts
var LIMITS2 = { lockSeconds: 2, statementSeconds: 1800 };
var IDS = 2e4;
var MOST_TIMES = 100;
var NOTHING = { created: 0, dropped: 0, forgotten: 0, thinned: 0 };
async function maintain(pool, { keepDays, aheadDays } = {}) {
  try {
    const { rows } = await limited(
      pool,
      "begin",
      LIMITS2,
      (client) => client.query(
        `select created, dropped, forgotten::float8, thinned::float8 from rollout_maintain($1, $2)`,
        [keepDays ?? 90, aheadDays ?? 7]
      )
    );
    const done = { ...NOTHING, ...rows[0] };
    return { ...done, forgotten: done.forgotten + await forgetIds(pool), put_off: false, because: null };
  } catch (error) {
    const code = errorCode(error);
    if (code === "busy" || isClash(error)) {
      return { ...NOTHING, put_off: true, because: error.message };
    }
    if (code === "22023") throw new RolloutError("usage", error.message, { cause: error });
    return translated(() => Promise.reject(error));
  }
}
async function forgetIds(pool) {
  let forgotten = 0;
  for (let times = 0; times < MOST_TIMES; times++) {
    const { rows } = await limited(
      pool,
      "begin",
      LIMITS2,
      (client) => client.query("select rollout_forget_ids($1)::float8 as ids", [IDS])
    );
    const ids = rows[0]?.ids ?? 0;
    forgotten += ids;
    if (ids < IDS) break;
  }
  return forgotten;
}

// src/store/configuration/actual.ts
import { createHash } from "node:crypto";

// src/store/db/audience.ts
function audienceColumns(exposure) {
  const { strategy } = exposure;
  const owners = (list) => {
    const entries = exposure[list].filter(isOwnerPattern);
    return entries.length === 0 ? {} : { [list]: entries };
  };
  const found = { ...narrowingOf(exposure), ...owners("whitelist"), ...owners("blacklist") };
  if (Object.keys(found).length === 0) {
    return { strategy, whitelist: exposure.whitelist, blacklist: exposure.blacklist, audience: null };
  }
  const others = (entries) => entries.filter((entry) => !isOwnerPattern(entry));
  return {
    strategy: "whitelist",
    whitelist: others(exposure.whitelist),
    blacklist: others(exposure.blacklist),
    audience: { strategy, ...found }
  };
}
function fromAudienceColumns({ strategy, audience, ...ids }) {
  const [whitelist, blacklist] = [withoutOwners(ids.whitelist), withoutOwners(ids.blacklist)];
  if (audience === null) return { strategy, whitelist, blacklist };
  return {
    strategy: audience.strategy,
    whitelist: [...whitelist, ...audience.whitelist ?? []],
    blacklist: [...blacklist, ...audience.blacklist ?? []],
    ...narrowingOf(audience)
  };
}
function withoutOwners(ids) {
  return ids.filter((entry) => !isOwnerPattern(entry));
}
function hasStrayOwner(ids) {
  return ids.some(isOwnerPattern);
}

// src/store/configuration/actual.ts
function specDigest(spec) {
  return createHash("sha256").update(canonicalJson(spec)).digest("hex");
}
var FEATURE_COLUMNS = `feature_name, subject_type, rollout_strategy, rollout_percentage::float8 as percentage,
  is_active, emergency_stop, categories, target_repositories, excluded_repositories, salt, audience,
  max_error_rate::float8, round(monitoring_window_hours * 3600)::float8 as window_seconds,
  auto_rollback_enabled, spec, spec_digest, sealed.resolved, sealed.revision,
  case when c.seal = rollout_seal(c.revision, c.resolved) then '{}' else array_remove(array[
    case when c.resolved <> sealed.resolved then 'resolved' end,
    case when c.revision is distinct from sealed.revision then 'revision' end,
    case when c.seal <> rollout_seal(sealed.revision, sealed.resolved) then 'seal' end], null) end as unsealed,
  archived_at is not null as archived,
  case when metadata ? 'pilot' then coalesce(metadata #>> '{pilot,status}', '') end as pilot_status`;
async function readFeatures(db, feature) {
  const { rows } = await db.query(
    `select ${FEATURE_COLUMNS} from rollout_configuration c, rollout_sealed(c) sealed
     where $1::text is null or feature_name = $1 order by feature_name`,
    [feature ?? null]
  );
  return new Map(rows.map((row) => [row.feature_name, toActual(row)]));
}
function toActual(row) {
  const spec = row.spec && specDigest(row.spec) === row.spec_digest ? row.spec : null;
  const said = fromAudienceColumns({
    strategy: row.rollout_strategy,
    whitelist: row.target_repositories,
    blacklist: row.excluded_repositories,
    audience: row.audience
  });
  return {
    feature: row.feature_name,
    // A spec that was edited in the database is not a baseline.
    spec,
    edited: spec ? null : editedSpec(row),
    unsealed: [...row.unsealed, ...strayOwners(row)],
    resolved: row.resolved,
    columns: asResolved({
      active: row.is_active,
      emergency_stop: row.emergency_stop,
      ...said,
      // With the strategy whitelist the file may omit the percentage, which then decides nothing.
      percentage: said.strategy === "whitelist" ? 0 : row.percentage,
      categories: row.categories,
      whitelist: sortedSet(said.whitelist),
      blacklist: sortedSet(said.blacklist),
      salt: row.salt
    }),
    settings: {
      subject: row.subject_type,
      max_error_rate: row.max_error_rate,
      window: row.window_seconds,
      auto_rollback: row.auto_rollback_enabled
    },
    archived: row.archived,
    revision: row.revision,
    ...row.pilot_status === null ? {} : { movedPilot: { paused: row.pilot_status === "paused" } }
  };
}
function strayOwners({ target_repositories, excluded_repositories }) {
  const columns = { target_repositories, excluded_repositories };
  return Object.entries(columns).flatMap(([column, ids]) => hasStrayOwner(ids) ? [column] : []);
}
function editedSpec({ spec, spec_digest, revision }) {
  if (spec === null && spec_digest === null && revision === null) return null;
  return { wasLast: (other) => specDigest(other) === spec_digest || same(other, spec) };
}
async function readCurrentIncidents(db, feature) {
  const { rows } = await db.query(
    `select i.id::text, i.feature_name, i.kind, i.state, i.reason, i.opened_at, i.held - 'subject' as held,
       coalesce(i.held ->> 'subject', c.subject_type) as subject, i.before, i.permit, i.settled_by, i.write_back_commit, sealed.resolved
     from rollout_incidents i join rollout_configuration c using (feature_name), rollout_sealed(c) sealed
     where i.state in ('open', 'settled') and ($1::text is null or i.feature_name = $1)
     order by i.feature_name, i.state = 'open', i.id`,
    [feature ?? null]
  );
  return rows.map(toIncident);
}
function toIncident(row) {
  const { permit, resolved } = row;
  return {
    id: row.id,
    feature: row.feature_name,
    kind: row.kind,
    state: row.state,
    reason: row.reason,
    opened_at: row.opened_at,
    subject: row.subject,
    held: resolveSince(row.held, resolved),
    before: row.before && resolveSince(row.before, resolved),
    permit: permit && {
      ...permit,
      ceiling: resolveSince(permit.ceiling, resolved),
      expires_at: new Date(permit.expires_at)
    },
    settled_by: [row.settled_by, row.write_back_commit].filter((commit) => commit !== null),
    // Only the repository knows; until it is asked, no commit counts as contained.
    settlement: "missing"
  };
}

// src/store/configuration/incident-effect.ts
async function applyEffect(client, change, effect, by) {
  switch (effect.do) {
    case "open":
      await client.query(`select rollout_open_incident($1, $2, 'warning', $3, $4, $5, '{}', $6)`, [
        change.feature,
        effect.kind,
        by.words.reduced(effect.reduced),
        JSON.stringify(effect.held),
        effect.before && JSON.stringify(effect.before),
        by.actor
      ]);
      return {};
    case "settle":
      await client.query(
        `update rollout_incidents set state = 'settled', settled_at = clock_timestamp(), settled_by = $2,
           write_back = case write_back when 'pending' then 'not_needed' else 'done' end, permit = null
         where id = $1`,
        [effect.incident, by.revision]
      );
      return { [effect.incident]: "settled" };
    case "resume": {
      const over = [effect.incident, ...await exceeded(client, change)];
      await client.query(
        `update rollout_incidents set state = 'resumed', resumed_at = clock_timestamp(), resumed_by = $2,
           write_back = case write_back when 'done' then 'done' else 'not_needed' end
         where id = any ($1)`,
        [over, by.actor]
      );
      return Object.fromEntries(over.map((incident) => [incident, "resumed"]));
    }
    case "reopen":
      await client.query(`select rollout_reopen_incident($1, $2)`, [
        effect.incident,
        JSON.stringify(effect.held)
      ]);
      return {};
  }
}
async function exceeded(client, { feature, after, subject }) {
  const settled = (await readCurrentIncidents(client, feature)).filter(({ state }) => state === "settled");
  const isOver = (one) => after !== null && !isWithin({ subject, exposure: after }, { subject: one.subject, exposure: one.held });
  return settled.filter(isOver).map(({ id }) => id);
}

// src/store/configuration/changes.ts
function applyChange(pool, feature, by, decide) {
  return transaction(pool, { actor: by.actor, revision: by.revision }, async (client) => {
    const revision = await lockHistory(client);
    const actual = (await readFeatures(client, feature)).get(feature) ?? null;
    const incidents = await readCurrentIncidents(client, actual ? feature : void 0);
    const change = decide({ actual, incidents, revision });
    if (change?.write) await write(client, change, change.write, by);
    return change;
  });
}
async function adoptBaseline(pool, feature, by, writeOf) {
  return transaction(pool, { actor: by.actor, revision: by.revision }, async (client) => {
    const revision = await lockHistory(client);
    const actual = (await readFeatures(client, feature)).get(feature) ?? null;
    const adopted = writeOf({ actual, incidents: [], revision });
    if (!adopted) return false;
    await claim(client, "updated", "adopted: it already matched rollout.yaml", by.metadata);
    await writeRow(client, feature, adopted, by.revision, NOBODY);
    return true;
  });
}
async function lockHistory(client) {
  const { rows } = await client.query(
    `select revision from rollout_state for update`
  );
  return rows[0]?.revision ?? null;
}
async function write(client, change, write2, by) {
  const incidents = write2.incident ? await applyEffect(client, change, write2.incident, by) : {};
  const metadata = {
    ...by.metadata,
    // For program logic later; the sentence is for people.
    why: reasonFacts(change.reason),
    ...change.incident ? { incident: change.incident } : {},
    ...Object.keys(incidents).length > 0 ? { incidents } : {},
    ...change.differences.length > 0 ? { differences: change.differences } : {}
  };
  const found = by.words.reason(change.reason);
  const reason = by.reason === void 0 ? found : `${by.reason} (${found})`;
  await claim(client, write2.history, reason, metadata);
  const changed = await writeRow(client, change.feature, write2, by.revision, movedBy(change, by.moved));
  if (!changed && write2.incident) {
    await client.query(`select rollout_add_history($1, 'note', $2, $3, $4)`, [
      change.feature,
      reason,
      JSON.stringify(metadata),
      by.actor
    ]);
  }
}
async function claim(client, action, reason, metadata) {
  await client.query(
    `select set_config('rollout.action', $1, true), set_config('rollout.reason', $2, true),
       set_config('rollout.metadata', $3, true)`,
    [action, reason, metadata ? JSON.stringify(metadata) : ""]
  );
}
var ANEW = `($20::boolean or rollout_soak_ends(c.soak_entered + $21::bigint, coalesce(c.soak_exposed, $22::bigint)))`;
var REVISION = `case when c.spec_digest is distinct from coalesce($15, c.spec_digest) then $17
  else (select sealed.revision from rollout_sealed(c) sealed) end`;
var NOBODY = { entering: 0, before: null, after: null };
function movedBy({ before, after, subject, subject_before }, moved) {
  if (moved !== null) return moved ?? NOBODY;
  const was = subject_before ?? subject;
  const nobody = before !== null && after !== null && isWithin({ subject, exposure: after }, { subject: was, exposure: before });
  return nobody ? NOBODY : { ...NOBODY, entering: Number.MAX_SAFE_INTEGER };
}
async function writeRow(client, feature, { spec, exposure, resolved, archived, newEpoch, newStep }, revision, moved) {
  const settings = spec && settingsOf(spec);
  const columns = audienceColumns(exposure);
  const { rowCount } = await client.query(
    `insert into rollout_configuration as c
       (feature_name, rollout_strategy, rollout_percentage, is_active, emergency_stop, categories,
        target_repositories, excluded_repositories, salt, subject_type, max_error_rate,
        monitoring_window_hours, auto_rollback_enabled, spec, spec_digest, resolved, revision, seal, archived_at,
        soak_exposed, audience)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, 'repository'), coalesce($11::numeric, 5),
        coalesce($12::numeric / 3600, 24), coalesce($13, true), $14, $15, $16, $17, rollout_seal($17, $16),
        case when $18 then clock_timestamp() end, $23, $24)
     on conflict (feature_name) do update set
       rollout_strategy = $2, rollout_percentage = $3, is_active = $4, emergency_stop = $5, categories = $6,
       target_repositories = $7, excluded_repositories = $8, salt = $9, audience = $24,
       subject_type = coalesce($10, c.subject_type), max_error_rate = coalesce($11, c.max_error_rate),
       monitoring_window_hours = coalesce($12::numeric / 3600, c.monitoring_window_hours),
       auto_rollback_enabled = coalesce($13, c.auto_rollback_enabled),
       spec = coalesce($14, c.spec), spec_digest = coalesce($15, c.spec_digest), resolved = $16,
       revision = ${REVISION}, seal = rollout_seal(${REVISION}, $16),
       archived_at = case when $18 then coalesce(c.archived_at, clock_timestamp()) end,
       epoch = c.epoch + $19::int,
       epoch_started_at = case when $19::int > 0 then clock_timestamp() else c.epoch_started_at end,
       step_started_at = case when ${ANEW} then clock_timestamp() else c.step_started_at end,
       soak_entered = case when ${ANEW} then 0 else c.soak_entered + $21::bigint end,
       soak_exposed = case when ${ANEW} then $23::bigint else c.soak_exposed end,
       updated_at = clock_timestamp()
     where (c.rollout_strategy, c.rollout_percentage, c.is_active, c.emergency_stop, c.categories,
         c.target_repositories, c.excluded_repositories, c.salt, c.audience, c.subject_type, c.max_error_rate,
         c.monitoring_window_hours, c.auto_rollback_enabled, c.spec, c.spec_digest, c.resolved,
         c.revision, c.seal, c.archived_at is not null)
       is distinct from ($2, $3::numeric, $4, $5, $6::text[], $7::text[], $8::text[], $9, $24::jsonb,
         coalesce($10, c.subject_type), coalesce($11, c.max_error_rate),
         coalesce($12::numeric / 3600, c.monitoring_window_hours),
         coalesce($13, c.auto_rollback_enabled), coalesce($14::jsonb, c.spec), coalesce($15, c.spec_digest), $16::jsonb,
         ${REVISION}, rollout_seal(${REVISION}, $16), $18::boolean)
       or $19::int > 0`,
    [
      feature,
      columns.strategy,
      exposure.percentage,
      exposure.active,
      exposure.emergency_stop,
      exposure.categories,
      columns.whitelist,
      columns.blacklist,
      exposure.salt,
      settings?.subject ?? null,
      settings?.max_error_rate ?? null,
      settings?.window ?? null,
      settings?.auto_rollback ?? null,
      spec ? JSON.stringify(spec) : null,
      spec ? specDigest(spec) : null,
      JSON.stringify(resolved),
      revision,
      archived,
      newEpoch ? 1 : 0,
      newStep,
      moved.entering,
      moved.before,
      moved.after,
      columns.audience && JSON.stringify(columns.audience)
    ]
  );
  return (rowCount ?? 0) > 0;
}

// src/store/configuration/elsewhere.ts
var SQL = `with asked as (
    select c.feature_name, c.epoch, c.spec, c.spec_digest, c.spec - $2::text[] as own,
      c.is_active and not c.emergency_stop and not s.global_stop
        and (c.rollout_percentage > 0 or cardinality(c.target_repositories) > 0) as admits
    from rollout_configuration c, rollout_state s
    where c.feature_name = any ($1) and c.archived_at is null
  ), last as (
    select a.feature_name, l.* from asked a cross join lateral (
      select k.verdict, k.turned_from, k.checked_at from rollout_health_checks k
      where k.feature_name = a.feature_name and k.epoch = a.epoch order by k.id desc limit 1) l
  ), since as (
    select a.feature_name, (
      select min(h.created_at) from rollout_history h
      where h.feature_name = a.feature_name and h.metadata ? 'spec' and h.id > coalesce((
        select max(o.id) from rollout_history o
        where o.feature_name = a.feature_name and o.metadata ? 'spec' and ((o.metadata -> 'spec') - $2::text[] <> a.own
          or o.metadata -> 'spec' @> '{"active": false}' or o.metadata -> 'spec' @> '{"emergency_stop": true}'
          or o.metadata -> 'spec' @> '{"percentage": 0, "whitelist": []}'
            and jsonb_array_length(o.metadata #> '{spec,whitelist}') = 0)), 0)) as spec,
      (select min(k.checked_at) from rollout_health_checks k
       where k.feature_name = a.feature_name and k.epoch = a.epoch and k.id > coalesce(l.turned_from, 0)) as healthy
    from asked a join last l using (feature_name)
  ), lifted as (
    select max(h.created_at) as at from rollout_history h
    where h.feature_name is null and h.action = 'note'
      -- SQL by hand notes what was before.
      and (h.metadata ? 'global_stop' or h.metadata -> 'before' ? 'global_stop')
  ), checks as (
    select a.feature_name, k.checked_at - greatest(t.spec, t.healthy, f.at, lag(k.checked_at) over (
      partition by a.feature_name order by k.id)) as gap
    from asked a join last l using (feature_name) join since t using (feature_name) cross join lifted f
    join rollout_health_checks k on k.feature_name = a.feature_name and k.epoch = a.epoch
      and k.id > coalesce(l.turned_from, 0)
    where t.spec is not null and k.checked_at >= greatest(t.spec, t.healthy, f.at)
  ), healthy as (
    select feature_name, sum(extract(epoch from gap)) filter (where gap <= interval '1 day')::float8 as seconds
    from checks group by feature_name
  )
  select a.feature_name as feature, a.spec, a.spec_digest, a.admits, l.verdict,
    h.seconds as healthy_seconds,
    extract(epoch from clock_timestamp() - l.checked_at)::float8 as checked_seconds_ago
  from asked a left join last l using (feature_name) left join healthy h using (feature_name)`;
async function readElsewhere(db, features) {
  const { rows } = await db.query(SQL, [features, OWN_FIELDS]);
  return new Map(rows.map((row) => [row.feature, elsewhereOf(row)]));
}
function elsewhereOf({ spec, spec_digest, ...row }) {
  if (spec === null) return { state: "absent" };
  if (specDigest(spec) !== spec_digest) {
    return { state: "unknown", why: "the spec there was edited in the database" };
  }
  return {
    state: "there",
    spec,
    admits: row.admits,
    verdict: row.verdict,
    healthy_seconds: Math.max(0, row.healthy_seconds ?? 0),
    checked_seconds_ago: row.checked_seconds_ago ?? 0
  };
}

// src/domain/eligibility/category.ts
var PRIORITY = {
  test: 100,
  small: 80,
  medium: 60,
  large: 40,
  enterprise: 20
};

// src/store/configuration/impact.ts
var NOBODY2 = asResolved({
  active: false,
  emergency_stop: false,
  strategy: "percentage",
  percentage: 0,
  categories: null,
  whitelist: [],
  blacklist: [],
  salt: ""
});
var REGISTRY = {
  repository: `(select repository_id as id, full_name as name, category, priority_level as priority, star_count as size, facts from repository_categories)`,
  customer: `(select customer_id as id, name, null::text as category, null::int as priority, null::int as size, facts from rollout_customers)`
};
async function countImpacts(db, changes) {
  const apart = changes.flatMap((change, place) => isNested(change) ? [{ change, place }] : []);
  const sides = apart.flatMap(({ change: { before, after } }) => [before, after]);
  const counts = sides.length === 0 ? [] : await countAudiences(db, sides);
  const known = new Map(
    apart.map(({ place }, nth) => [place, bothCounted(counts[2 * nth] ?? [], counts[2 * nth + 1] ?? [])])
  );
  const impacts = [];
  for (const [place, change] of changes.entries()) {
    const parts = known.get(place);
    const { subject } = change.after;
    impacts.push(
      parts ? summarize(parts.map((part) => ({ subject, ...part }))) : await countImpact(db, change)
    );
  }
  return impacts;
}
function isNested(change) {
  const { before, after } = change;
  if (before.subject !== after.subject || testsThatDecide(change)) return false;
  const [from, to] = [before.exposure ?? NOBODY2, after.exposure ?? NOBODY2];
  return atMost(from, to) || atMost(to, from);
}
async function countAudiences(db, audiences) {
  const { rows } = await db.query(
    `select place, category, eligible::float8, total::float8 from rollout_count_audiences($1)`,
    [exposuresOf(audiences)]
  );
  const counts = audiences.map(() => []);
  for (const { place, ...count } of rows) counts[place - 1]?.push(count);
  return counts;
}
function exposuresOf(audiences) {
  return JSON.stringify(audiences.map(({ subject, exposure }) => ({ ...exposure ?? NOBODY2, subject })));
}
function bothCounted(before, after) {
  return after.map(({ category, total, eligible }) => {
    const was = before.find((one) => one.category === category)?.eligible ?? 0;
    return {
      ...{ category, total, before: was, after: eligible },
      ...{ entering: Math.max(0, eligible - was), leaving: Math.max(0, was - eligible) }
    };
  });
}
async function countImpact(db, change) {
  const { before, after } = change;
  if (before.subject === after.subject) return summarize(await countParts(db, change));
  const left = await countParts(db, leaving(change));
  const entered = await countParts(db, entering(change));
  const gone = left.filter((part) => part.before > 0).map((part) => ({ ...part, total: 0 }));
  return summarize([...entered, ...gone]);
}
function leaving({ before }) {
  return { before, after: { ...before, exposure: null }, tests: null };
}
function entering({ after, tests }) {
  return { before: { ...after, exposure: null }, after, tests };
}
async function countParts(db, change) {
  const { subject } = change.after;
  const [from, to] = [change.before.exposure ?? NOBODY2, change.after.exposure ?? NOBODY2];
  const tests = testsThatDecide(change);
  const world = worldAfter(subject, tests, 19);
  const [was, is] = [admits(1), admits(10, { ...SUBJECT, category: world.category })];
  const nested = tests ? null : atMost(from, to) ? was : atMost(to, from) ? is : null;
  const { rows } = await db.query(
    `select ${world.priority} as priority, count(*)::float8 as total, count(*) filter (where ${was})::float8 as before,
       count(*) filter (where ${is})::float8 as after, count(*) filter (where ${nested ?? `${was} and ${is}`})::float8 as both
     from ${world.registry} s group by ${world.priority}`,
    [...valuesOf(from), ...valuesOf(to), ...world.values]
  );
  return rows.map(({ both, priority, ...part }) => ({
    subject,
    category: CATEGORIES.find((category) => PRIORITY[category] === priority) ?? null,
    ...part,
    entering: part.after - both,
    leaving: part.before - both
  }));
}
function categoryAfter(first) {
  const named2 = (parameter) => `rollout_is_named(repository_id, full_name, $${parameter}::text[])`;
  return `case when ${named2(first)}
    then rollout_category(star_count, contributor_count, pr_count, ${named2(first + 1)}) else category end`;
}
function worldAfter(subject, tests, first) {
  if (!tests) {
    return { registry: REGISTRY[subject], category: "s.category", priority: "s.priority", values: [] };
  }
  return {
    registry: `(select *, case next ${CATEGORIES.map((name) => `when '${name}' then ${PRIORITY[name]}`).join(" ")} end as next_priority
      from (select repository_id as id, full_name as name, category, star_count as size, facts, ${categoryAfter(first)} as next
        from repository_categories offset 0) r)`,
    category: "s.next",
    priority: "s.next_priority",
    values: [tests.moved, tests.after]
  };
}
var FIELDS = [
  ...[
    "active",
    "emergency_stop",
    "strategy",
    "percentage",
    "categories",
    "whitelist",
    "blacklist",
    "salt",
    "audience"
  ]
];
var TYPES = ["boolean", "boolean", "text", "numeric", "text[]", "text[]", "text[]", "text", "jsonb"];
var SUBJECT = { id: "s.id", name: "s.name", category: "s.category", facts: "s.facts" };
function admits(first, subject = SUBJECT) {
  const parameters = TYPES.map((type, index) => `$${first + index}::${type}`);
  return `rollout_admits(${parameters.join(", ")}, ${subject.id}, ${subject.name}, ${subject.category}, ${subject.facts})`;
}
function valuesOf(exposure) {
  const columns = audienceColumns(exposure);
  return [
    exposure.active,
    exposure.emergency_stop,
    columns.strategy,
    exposure.percentage,
    exposure.categories,
    columns.whitelist,
    columns.blacklist,
    exposure.salt,
    columns.audience && JSON.stringify(columns.audience)
  ];
}
function summarize(categories) {
  const impact = { ...NONE, categories };
  for (const part of categories) {
    for (const count of COUNTS) impact[count] += part[count];
  }
  return impact;
}
var COUNTS = ["total", "before", "after", "entering", "leaving"];
var NONE = { total: 0, before: 0, after: 0, entering: 0, leaving: 0 };

// src/store/configuration/feature-rows.ts
async function readStandings(db, feature) {
  const { rows } = await db.query(
    `select c.feature_name as feature, c.subject_type as subject, coalesce(c.audience ->> 'strategy', c.rollout_strategy) as strategy,
       c.rollout_percentage::float8 as percentage, c.is_active as active, c.emergency_stop,
       c.archived_at is not null as archived, i.id::text as incident, i.reason as incident_reason,
       i.opened_at as incident_opened_at, i.write_back, c.revision, c.epoch, c.epoch_started_at, c.step_started_at,
       nullif(jsonb_strip_nulls(jsonb_build_object('where', c.audience -> 'where', 'not', c.audience -> 'not',
         'group_by', c.audience -> 'group_by')), '{}') as narrowing
     from rollout_configuration c
     left join rollout_incidents i on i.feature_name = c.feature_name and i.state = 'open'
     where $1::text is null or c.feature_name = $1
     order by c.feature_name`,
    [feature ?? null]
  );
  return rows.map(({ narrowing, ...row }) => narrowing === null ? row : { ...row, narrowing });
}
async function countEligible(db, feature) {
  const { rows } = await db.query(
    `select feature, category, eligible::float8, total::float8 from rollout_count_features($1)`,
    [feature === void 0 ? null : [feature]]
  );
  const counts = /* @__PURE__ */ new Map();
  for (const { feature: name, ...count } of rows) counts.set(name, [...counts.get(name) ?? [], count]);
  return counts;
}
async function keepCounts(db, audiences = []) {
  await db.query(`select rollout_keep_counts($1)`, [exposuresOf(audiences)]);
}

// src/store/configuration/jobs-moved.ts
async function countJobsMoved(db, feature, change) {
  const { before, after } = change;
  const kept = before.subject === after.subject;
  const world = worldAfter(before.subject, kept ? testsThatDecide(change) : null, 20);
  const place = { id: "m.subject_id", name: "s.name", category: "s.category", facts: "s.facts" };
  const was = admits(1, place);
  const is = admits(10, { ...place, category: world.category });
  const { rows } = await db.query(
    `select coalesce(sum(m.jobs) filter (where not m.grouped), 0)::float8 as jobs,
       coalesce(sum(m.jobs) filter (where not m.grouped and ${was} <> ${is}), 0)::float8 as moving,
       coalesce(sum(m.jobs) filter (where m.grouped), 0)::float8 as grouped
     from (
       select subject_id, position(chr(31) in subject_id) > 0 as grouped, sum(total_jobs) as jobs from rollout_metrics
       where feature_name = $19 and arm <> 'fallback' and metrics_window_start > now() - interval '7 days'
       group by subject_id
     ) m
     left join ${world.registry} s on s.id = m.subject_id`,
    [
      ...valuesOf(before.exposure ?? NOBODY2),
      ...valuesOf((kept ? after.exposure : null) ?? NOBODY2),
      feature,
      ...world.values
    ]
  );
  return rows[0] ?? { jobs: 0, moving: 0, grouped: 0 };
}

// src/store/configuration/largest-moved.ts
async function largestMoved(db, changes, limit) {
  const plain = changes.flatMap(
    (change, place) => change.before.subject === change.after.subject && !testsThatDecide(change) ? [{ change, place }] : []
  );
  const found = await amongLargest(
    db,
    plain.map(({ change }) => change),
    limit
  );
  const known = new Map(plain.map(({ place }, nth) => [place, found[nth] ?? []]));
  const largest = [];
  for (const [place, change] of changes.entries()) {
    const those = known.get(place) ?? [];
    largest.push(those.length === limit ? those : await searchMoved(db, change, limit));
  }
  return largest;
}
var LARGEST_LOOKED_AT = 2e3;
async function amongLargest(db, changes, limit) {
  const found = changes.map(() => []);
  for (const subject of ["repository", "customer"]) {
    const own = changes.flatMap((change, place) => change.after.subject === subject ? [place] : []);
    if (own.length < 2) continue;
    const exposures = (side) => JSON.stringify(own.map((place) => columnsOf(changes[place]?.[side].exposure ?? NOBODY2)));
    const { rows } = await db.query(
      `with largest as materialized (
         select * from ${REGISTRY[subject]} s order by size desc nulls last, id limit ${LARGEST_LOOKED_AT}
       )
       select a.place::integer, m.* from rows from (
         jsonb_to_recordset($1) as (${RECORD}), jsonb_to_recordset($2) as (${RECORD})
       ) with ordinality a(${["was", "now"].map((side) => FIELDS.map((field) => `${side}_${field}`).join(", ")).join(", ")}, place)
       cross join lateral (
         select id, name, category, is_in as enters from (
           select *, ${admitsBy("a.was_")} as was_in, ${admitsBy("a.now_")} as is_in from largest s
         ) s where was_in <> is_in order by size desc nulls last, id limit $3
       ) m order by a.place`,
      [exposures("before"), exposures("after"), limit]
    );
    for (const { place, ...moved } of rows) found[own[place - 1] ?? -1]?.push(moved);
  }
  return found;
}
async function searchMoved(db, change, limit) {
  if (change.before.subject === change.after.subject) {
    return (await largestOf(db, change, limit)).map(withoutSize);
  }
  const moved = [
    ...await largestOf(db, leaving(change), limit),
    ...await largestOf(db, entering(change), limit)
  ];
  return moved.sort((a, b) => (b.size ?? -1) - (a.size ?? -1) || Number(b.enters) - Number(a.enters)).slice(0, limit).map(withoutSize);
}
async function largestOf(db, change, limit) {
  const { before, after } = change;
  const world = worldAfter(after.subject, testsThatDecide(change), 20);
  const is = admits(10, { ...SUBJECT, category: world.category });
  const { rows } = await db.query(
    `select id, name, category, size, is_in as enters
     from (select id, name, ${world.category} as category, size, ${admits(1)} as was_in, ${is} as is_in from ${world.registry} s) moved
     where was_in <> is_in order by size desc nulls last, id limit $19`,
    [...valuesOf(before.exposure ?? NOBODY2), ...valuesOf(after.exposure ?? NOBODY2), limit, ...world.values]
  );
  return rows;
}
function withoutSize({ size, ...moved }) {
  return moved;
}
function columnsOf(exposure) {
  return { ...exposure, ...audienceColumns(exposure) };
}
var RECORD = FIELDS.map((field, index) => `${field} ${TYPES[index]}`).join(", ");
function admitsBy(prefix) {
  const fields = FIELDS.map((field) => `${prefix}${field}`);
  return `rollout_admits(${fields.join(", ")}, ${SUBJECT.id}, ${SUBJECT.name}, ${SUBJECT.category}, ${SUBJECT.facts})`;
}

// src/store/configuration/overrides.ts
var ATTEMPTS = 5;
async function recordOverride(db, actor, feature, { variable, value, applied }, hostGroup) {
  const record = () => db.query(
    `select rollout_record_override($2, $3, $4, $5, $6)
       from (select set_config('rollout.actor', $1, true) as claimed offset 0) claim where claimed = $1`,
    [actor, feature, variable, value, applied, hostGroup]
  );
  await retry(() => translated(record), { attempts: ATTEMPTS, mayPass: isClash });
}

// src/store/configuration/reconcile-run.ts
var CONTROLLED = `select set_config('rollout.state', 'controlled', true)`;
async function beginReconcile(db, seen, revision) {
  const { rows } = await db.query(
    `with said as (${CONTROLLED})
     update rollout_state set revision = $2, reconciled_at = null from said where revision is not distinct from $1
     returning generation::float8`,
    [seen, revision]
  );
  return rows[0]?.generation ?? null;
}
async function finishReconcile(db, facts) {
  await db.query(
    `with said as (${CONTROLLED})
     update rollout_state set environment = $1, freezes = $3, policy = $4, outcomes = $5, notify = $6::jsonb,
       notified_history = case when $6::jsonb is not null then coalesce(notified_history, history_id) end,
       reconciled_at = now() from said
     where revision is not distinct from $2
       and (reconciled_at is null or (environment, freezes, policy, outcomes, notify)
         is distinct from ($1::text, $3::jsonb, $4::jsonb, $5::jsonb, $6::jsonb))`,
    [
      facts.environment,
      facts.revision,
      JSON.stringify(facts.freezes),
      facts.policy && JSON.stringify(facts.policy),
      facts.outcomes && JSON.stringify(facts.outcomes),
      facts.notify && JSON.stringify(facts.notify)
    ]
  );
}

// src/store/configuration/refusals.ts
async function readRefusals(db, feature) {
  const { rows } = await db.query(
    `select feature_name as feature, entry, policy, allowed from rollout_refusals
     where ended_at is null and ($1::text is null or feature_name = $1)`,
    [feature ?? null]
  );
  return new Map(rows.map((row) => [row.feature, row]));
}
async function keepRefusals(pool, actor, { kept, gone }) {
  if (kept.length + gone.length === 0) return;
  await transaction(pool, { actor }, async (client) => {
    await client.query(
      `update rollout_refusals set ended_at = now() where feature_name = any ($1) and ended_at is null`,
      [gone]
    );
    for (const { feature, entry, policy } of kept) {
      await client.query(
        `insert into rollout_refusals as r (feature_name, entry, policy) values ($1, $2, $3)
         on conflict (feature_name) do update set entry = $2, policy = $3, refused_at = now(), allowed = null,
           ended_at = null
         where r.entry <> $2 or r.ended_at is not null`,
        [feature, JSON.stringify(entry), JSON.stringify(policy)]
      );
    }
  });
}
function allowRefused(pool, { feature, actor, reason }) {
  return transaction(pool, { actor }, async (client) => {
    await client.query(`select from rollout_state for update`);
    const { rows } = await client.query(
      `update rollout_refusals set allowed = jsonb_build_object('by', $2::text, 'reason', $3::text)
       where feature_name = $1 and ended_at is null returning entry, policy`,
      [feature, actor, reason]
    );
    const refused = rows[0];
    if (!refused) return false;
    await client.query(
      `select rollout_add_history(c.feature_name, 'note',
         format('allowed against the policy%s: %s', case when c.feature_name is null then ', ' || $1::text end, $2::text), $3, $4)
       from (values (1)) one left join rollout_configuration c on c.feature_name = $1`,
      [
        feature,
        reason,
        JSON.stringify({ allowed: { feature, entry: refused.entry, policy: refused.policy }, reason }),
        actor
      ]
    );
    return true;
  });
}

// src/store/health/soaks.ts
function restartSoaks(pool, actor) {
  return transaction(pool, { actor }, async (client) => {
    const { rows } = await client.query(
      `select feature_name as feature, entered::float8, exposed::float8 from rollout_restart_soaks()`
    );
    return rows;
  });
}

// src/store/groups/features.ts
var featureReader = (db) => ({
  elsewhere: readElsewhere.bind(null, db),
  actual: (feature) => readFeatures(db, feature),
  refusals: (feature) => readRefusals(db, feature),
  standings: (feature) => readStandings(db, feature),
  eligible: (feature) => countEligible(db, feature),
  impact: countImpact.bind(null, db),
  impacts: countImpacts.bind(null, db),
  largestMoved: largestMoved.bind(null, db),
  jobsMoved: countJobsMoved.bind(null, db)
});
var featureWriter = (pool, single) => ({
  applyChange: applyChange.bind(null, pool),
  adoptBaseline: adoptBaseline.bind(null, pool),
  beginReconcile: beginReconcile.bind(null, single),
  finishReconcile: finishReconcile.bind(null, single),
  keepRefusals: keepRefusals.bind(null, pool),
  allowRefused: allowRefused.bind(null, pool),
  recordOverride: recordOverride.bind(null, single),
  keepCounts: keepCounts.bind(null, single),
  restartSoaks: restartSoaks.bind(null, pool)
});

// src/store/db/arrays.ts
function textArray(values) {
  const known = /* @__PURE__ */ new Map();
  let literal = "{";
  for (let index = 0; index < values.length; index++) {
    if (index > 0) literal += ",";
    const value = values[index] ?? null;
    if (value === null) {
      literal += "NULL";
      continue;
    }
    const element = known.get(value) ?? quotedElement(value);
    known.set(value, element);
    literal += element;
  }
  return `${literal}}`;
}
function plainArray(values) {
  return `{${values.map((value) => value === null ? "NULL" : String(value)).join(",")}}`;
}
function timeArray(values) {
  let last = null;
  let text = "NULL";
  const elements = values.map((value) => {
    if (value !== last) text = value === null ? "NULL" : `"${new Date(value).toISOString()}"`;
    last = value;
    return text;
  });
  return `{${elements.join(",")}}`;
}
function quotedElement(value) {
  if (!/["\\\0\ud800-\udfff]/.test(value)) return `"${value}"`;
  const readable = Buffer.from(value.replaceAll("\0", "\uFFFD")).toString();
  return `"${readable.replace(/["\\]/g, "\\$&")}"`;
}

// src/store/guardrails/back-tests.ts
async function readBackTests(db, features) {
  const found = /* @__PURE__ */ new Map();
  if (features.length === 0) return found;
  const { rows } = await db.query(
    `select feature_name as feature, metric, queries_digest as "queriesDigest", tested_limit as "limit",
       tested_correlation as correlation, measured_correlation as measured, from_at as "from", until_at as "until", days,
       events::float8 as events, bad::float8 as bad, alarms, tested_at as "testedAt"
     from rollout_back_tests where feature_name = any($1::text[])`,
    [features]
  );
  for (const { feature, metric, ...kept } of rows) {
    const ofFeature = found.get(feature) ?? /* @__PURE__ */ new Map();
    found.set(feature, ofFeature.set(metric, kept));
  }
  return found;
}
async function keepBackTest(db, { feature, metric, actor, ...test }) {
  await db.query(
    `insert into rollout_back_tests (feature_name, metric, queries_digest, tested_limit, tested_correlation,
       measured_correlation, from_at, until_at, days, events, bad, alarms, tested_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::timestamptz[], $13)
     on conflict (feature_name, metric) do update set queries_digest = excluded.queries_digest,
       tested_limit = excluded.tested_limit, tested_correlation = excluded.tested_correlation,
       measured_correlation = excluded.measured_correlation, from_at = excluded.from_at, until_at = excluded.until_at,
       days = excluded.days, events = excluded.events, bad = excluded.bad, alarms = excluded.alarms,
       tested_at = clock_timestamp(), tested_by = excluded.tested_by`,
    [
      ...[
        feature,
        metric,
        test.queriesDigest,
        test.limit,
        test.correlation,
        test.measured,
        test.from,
        test.until
      ],
      ...[test.days, test.events, test.bad, timeArray(test.alarms.map((at) => at.getTime())), actor]
    ]
  );
}

// src/store/outcomes/outcomes.ts
import { setTimeout as sleep } from "node:timers/promises";

// src/store/outcomes/routes.ts
async function readRoutes(db, feature) {
  const { rows } = await db.query(
    `select r.feature_name as feature, r.rule,
       coalesce(sum(r.jobs) filter (where r.day = t.today), 0)::float8 as today,
       coalesce(sum(r.jobs) filter (where r.day > t.today - 7), 0)::float8 as week,
       sum(r.of_epoch)::float8 as epoch,
       to_char(max(r.day), 'YYYY-MM-DD') as last_day,
       coalesce(jsonb_agg(jsonb_build_object('day', to_char(r.day, 'YYYY-MM-DD'), 'jobs', r.jobs) order by r.day)
         filter (where r.day > t.today - 14), '[]') as days
     from (
       select k.feature_name, k.rule, k.day, sum(k.jobs) as jobs,
         coalesce(sum(k.jobs) filter (where k.epoch = c.epoch), 0) as of_epoch
       from rollout_routes k join rollout_configuration c on c.feature_name = k.feature_name
       where $1::text is null or k.feature_name = $1 group by 1, 2, 3
     ) r
     cross join (select (now() at time zone 'UTC')::date as today) t
     group by 1, 2 order by 1, 2`,
    [feature ?? null]
  );
  return rows;
}

// src/store/outcomes/outcomes.ts
async function recordJobs(db, batch, jobs, options) {
  const values = [
    batch,
    textArray(jobs.map((job) => job.feature)),
    textArray(jobs.map((job) => job.subject)),
    textArray(jobs.map((job) => job.processor)),
    plainArray(jobs.map((job) => job.ok)),
    textArray(jobs.map((job) => job.arm)),
    plainArray(jobs.map((job) => job.duration_ms)),
    textArray(jobs.map((job) => job.error)),
    timeArray(jobs.map((job) => job.finished_at)),
    textArray(jobs.map((job) => job.id)),
    options.skipInvalid,
    options.anySubject,
    plainArray(jobs.map((job) => job.will_retry ?? false))
  ];
  const { rows } = await persistently(
    () => named(
      () => db.query(
        `select rollout_record_jobs($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as answer`,
        values
      )
    )
  );
  const { recorded = 0, repeated: repeated2 = 0, kept = 0, refused = [] } = rows[0]?.answer ?? {};
  return { recorded, repeated: repeated2, kept, refused: fromZero(refused) };
}
async function refusedJobs(db, jobs, anySubject) {
  const { rows } = await db.query(
    `select rollout_refused_jobs($1, $2, $3) as refused`,
    [textArray(jobs.map((job) => job.feature)), textArray(jobs.map((job) => job.subject)), anySubject]
  );
  return fromZero(rows[0]?.refused ?? []);
}
function fromZero(refused) {
  return refused.map((one) => ({ ...one, place: one.place - 1 }));
}
var PAUSES_MS = [50, 250, 1e3, 3e3, 6e3];
function persistently(work) {
  const pause = (failures) => sleep(PAUSES_MS[failures - 1]);
  return retry(work, { attempts: PAUSES_MS.length + 1, mayPass, pause });
}
function mayPass(error) {
  if (error instanceof RolloutError) return error.code === "database_unreachable" || error.code === "busy";
  return isClash(error);
}
function named(work) {
  return translated(work).catch((error) => {
    if (errorCode(error) !== "23514") throw error;
    throw new RolloutError("record_invalid", errorText(error), {
      hint: "errors are at most as many as jobs, none of them negative; nothing of this batch was recorded",
      cause: error
    });
  });
}

// src/store/guardrails/observations.ts
async function recordEvents(db, batch, events, options) {
  const { rows } = await persistently(
    () => named(
      () => db.query(
        `select rollout_record_observations($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as answer`,
        [
          batch,
          textArray(events.map(({ feature }) => feature)),
          textArray(events.map(({ metric }) => metric)),
          textArray(events.map(({ subject }) => subject)),
          textArray(events.map(({ arm }) => arm)),
          plainArray(events.map(({ epoch }) => epoch)),
          textArray(events.map(({ category }) => category)),
          timeArray(events.map(({ at }) => at)),
          plainArray(events.map((one) => one.events)),
          plainArray(events.map(({ bad }) => bad)),
          textArray(events.map(({ id }) => id)),
          options.skipInvalid,
          options.anySubject,
          options.source ?? "events"
        ]
      )
    )
  );
  const { recorded = 0, repeated: repeated2 = 0, refused = [] } = rows[0]?.answer ?? {};
  return { recorded, repeated: repeated2, refused: fromZero2(refused) };
}
async function refusedEvents(db, events, anySubject) {
  const { rows } = await db.query(
    `select rollout_refused_events($1, $2, $3, $4) as refused`,
    [
      textArray(events.map(({ feature }) => feature)),
      textArray(events.map(({ metric }) => metric)),
      textArray(events.map(({ subject }) => subject)),
      anySubject
    ]
  );
  return fromZero2(rows[0]?.refused ?? []);
}
function fromZero2(refused) {
  return refused.map((one) => ({ ...one, place: one.place - 1 }));
}

// src/store/score/window-lines.ts
var LONGEST_WHOLE = 15;
function windowsOfLines(lines) {
  const windows = [];
  let since = 0;
  for (const line of lines === "" ? [] : lines.split("\n")) {
    if (line.startsWith("#")) since = Number(line.slice(1));
    else windows.push(windowOf(line, since));
  }
  return windows;
}
function windowOf(line, since) {
  const place = { text: line, at: 0 };
  return {
    startedAt: since + read(place),
    spans: read(place),
    gain: [read(place), read(place), read(place), read(place), read(place)],
    begun: read(place),
    jobs: read(place),
    finished: read(place),
    failed: read(place),
    failedSpans: read(place),
    controlJobs: read(place),
    controlFailed: read(place),
    treatment: readCompared(place),
    control: readCompared(place),
    category: line.slice(place.at)
  };
}
function readCompared(place) {
  return {
    expected: read(place),
    fraction: read(place),
    jobs: read(place),
    failed: read(place),
    failedSpans: read(place)
  };
}
var [ZERO2, NINE, COMMA] = [48, 57, 44];
function read(place) {
  const { text, at } = place;
  let value = 0;
  for (let i = at; i < at + LONGEST_WHOLE; i++) {
    const code = text.charCodeAt(i);
    if (code === COMMA) {
      place.at = i + 1;
      return i === at ? Number.NaN : value;
    }
    if (!(code >= ZERO2 && code <= NINE)) break;
    value = value * 10 + code - ZERO2;
  }
  const end = text.indexOf(",", at);
  place.at = end + 1;
  return end < 0 ? Number.NaN : Number(text.slice(at, end));
}

// src/store/guardrails/observed-windows.ts
var DAYS = 7;
var AT_ONCE = { timed: LEAST_TIMED, meanSeconds: 0 };
var GAINS = ["0.25::float8", "0.6::float8", "1.5::float8", "4", "19"];
function gainOf(odds) {
  return `case when m > 1 then m * f * ln(1 + ${odds}) else ln(1 + ${odds} * f) end`;
}
var SPANS = `asked as (
    select a.*, date_bin('5 minutes', now() - make_interval(days => $5), 'epoch') as since
    from unnest($1::text[], $2::integer[], $3::timestamptz[], $4::text[], $6::float8[]) with ordinality
      a(feature, epoch, started, metric, correlation, place)
  ), spans as (
    select a.place, a.feature, a.metric, o.subject_id as subject, o.category, o.arm, o.window_start as at, o.events, o.bad,
      o.bad / o.events::float8 as f, case when a.correlation is not null and o.subject_id = ''
        and floor(o.events / (1 + 4 * a.correlation * (o.events - 1))) >= least(10, o.events / 2.0)
        then greatest(1, floor(o.events / (1 + 4 * a.correlation * (o.events - 1)))) else 1 end as m
    from asked a
    join rollout_observations o on o.feature_name = a.feature and o.metric = a.metric and o.epoch = a.epoch
    where o.arm in ('treatment', 'control') and o.window_start >= a.since and o.events > 0
  )`;
var columnsOf2 = (asked, days = DAYS) => [
  asked.map(({ feature }) => feature),
  asked.map(({ epoch }) => epoch),
  asked.map((one) => one.epoch_started_at),
  asked.map(({ metric }) => metric),
  days,
  asked.map(({ correlation }) => correlation)
];
async function readObserved(db, asked) {
  const found = /* @__PURE__ */ new Map();
  for (const { feature, metric, startedAt, now, windows } of await readObservedWindows(db, asked)) {
    const ofFeature = found.get(feature) ?? /* @__PURE__ */ new Map();
    found.set(feature, ofFeature);
    const read2 = { startedAt, now, durations: AT_ONCE, startsPerControl: null };
    ofFeature.set(metric, () => evidenceOf({ ...read2, windows: windows() }));
  }
  return found;
}
async function readObservedWindows(db, asked, days) {
  if (asked.length === 0) return [];
  const both = (expression) => ["treatment", "control"].map(expression);
  const { rows } = await db.query(
    `with ${SPANS}, compared as (
       select s.*, case when s.category = 'test' or s.subject = any(c.target_repositories)
           or s.subject = any(c.denied) then 0 else s.m end as expected
       from spans s join rollout_configuration c on c.feature_name = s.feature
     ), lines as (
       select place, at, category, concat(extract(epoch from at)::bigint, ',',
         coalesce(sum(m) filter (where arm = 'treatment'), 0), ',',
         ${GAINS.map((odds) => `coalesce(sum(${gainOf(odds)}) filter (where f > 0 and arm = 'treatment'), 0), ','`).join(", ")},
         0, ',', coalesce(sum(events) filter (where arm = 'treatment'), 0), ',',
         coalesce(sum(events) filter (where arm = 'treatment'), 0), ',',
         coalesce(sum(bad) filter (where arm = 'treatment'), 0), ',',
         coalesce(sum(ceil(m * f - 1e-9)) filter (where arm = 'treatment' and bad > 0), 0), ',',
         coalesce(sum(events) filter (where arm = 'control'), 0), ',',
         coalesce(sum(bad) filter (where arm = 'control'), 0), ',',
         ${both(
      (arm) => `coalesce(sum(expected) filter (where arm = '${arm}'), 0), ',',
         coalesce(sum(m * f) filter (where arm = '${arm}' and expected > 0), 0), ',',
         coalesce(sum(events) filter (where arm = '${arm}' and expected > 0), 0), ',',
         coalesce(sum(bad) filter (where arm = '${arm}' and expected > 0), 0), ',',
         coalesce(sum(ceil(m * f - 1e-9)) filter (where arm = '${arm}' and expected > 0 and bad > 0), 0), ','`
    ).join(", ")}, translate(category, E'\\n', ' ')) as line
       from compared group by place, at, category
     )
     select a.place::integer as place, extract(epoch from now())::float8 as now,
       extract(epoch from greatest(a.started, a.since))::float8 as started,
       (select string_agg(l.line, E'\\n' order by l.at, l.category collate "C") from lines l
        where l.place = a.place) as lines
     from asked a order by a.place`,
    columnsOf2(asked, days)
  );
  return rows.map(({ place, started, now, lines }) => ({
    ...asked[place - 1],
    ...{ startedAt: started, now, windows: () => windowsOfLines(lines ?? "") }
  }));
}
async function readObservedEpochs(db, feature, metrics, days) {
  if (metrics.length === 0) return [];
  const { rows } = await db.query(
    `select o.feature_name as feature, o.metric, a.correlation, o.epoch, min(o.window_start) as epoch_started_at
     from unnest($2::text[], $3::float8[]) a(metric, correlation)
     join rollout_observations o on o.metric = a.metric
     where o.feature_name = $1 and o.window_start >= now() - make_interval(days => $4)
     group by 1, 2, 3, 4 order by 2, 4`,
    [feature, metrics.map(({ metric }) => metric), metrics.map(({ correlation }) => correlation), days]
  );
  return rows;
}
async function readWorstObserved(db, run) {
  const { rows } = await db.query(
    `with ${SPANS}, treated as (
       select * from spans where arm = 'treatment' and ($7::text is null or category = $7)
     ), ranked as (
       select subject, sum(events)::float8 as jobs, sum(bad)::float8 as failed, count(*) filter (where f > 0) as spans_failed,
         row_number() over (order by sum(ln(1 + 4 * f)) desc, sum(bad) desc, subject) as place, count(*) over () as total
       from treated where at >= to_timestamp($8) - interval '15 minutes' group by subject
     ), worst as (
       select * from ranked where place <= case when total < 50 then 1 else ceil(total * 0.02) end and spans_failed >= 3
     ), windows as (
       select at, count(*) as spans,
         array[${GAINS.map((odds) => `coalesce(sum(ln(1 + ${odds} * f)) filter (where f > 0), 0)`).join(", ")}] as gain
       from treated where subject in (select subject from worst) group by at
     )
     select coalesce((select max(r.total) from ranked r), 0)::float8 as subjects,
       (select jsonb_agg(jsonb_build_object('subject', subject, 'jobs', jobs, 'failed', failed) order by place) from worst) as worst,
       (select jsonb_agg(jsonb_build_object('at', extract(epoch from at)::bigint, 'spans', spans, 'gain', gain) order by at)
        from windows) as windows`,
    [...columnsOf2([{ ...run, correlation: null }]), run.category, run.since]
  );
  const found = rows[0];
  return {
    subjects: found?.subjects ?? 0,
    worst: found?.worst ?? [],
    windows: (found?.windows ?? []).map(({ at, spans, gain }) => ({ startedAt: at, spans, gain }))
  };
}

// src/store/guardrails/reads.ts
async function readMetricReads(db, features) {
  if (features.length === 0) return /* @__PURE__ */ new Map();
  const { rows } = await db.query(
    `select r.feature_name as feature, r.metric, r.read_until as "readUntil", r.problem, r.failing_since as "failingSince",
       r.retry_at as "retryAt", (
         select o.window_start + interval '5 minutes' from rollout_observations o
         where o.feature_name = r.feature_name and o.metric = r.metric and o.epoch = c.epoch and o.arm = 'treatment'
         order by o.window_start desc limit 1) as "eventsUntil"
     from rollout_metric_reads r join rollout_configuration c on c.feature_name = r.feature_name
     where r.feature_name = any($1::text[])`,
    [features]
  );
  const found = /* @__PURE__ */ new Map();
  for (const { feature, metric, ...read2 } of rows) {
    const ofFeature = found.get(feature) ?? /* @__PURE__ */ new Map();
    found.set(feature, ofFeature.set(metric, read2));
  }
  return found;
}
async function noteMetricRead(db, {
  feature,
  metric,
  readUntil,
  problem,
  retryAt
}) {
  await db.query(
    `insert into rollout_metric_reads as r (feature_name, metric, read_until, problem, failing_since, retry_at)
     values ($1, $2, $3, $4, case when $4::text is not null then clock_timestamp() end, $5)
     on conflict (feature_name, metric) do update set read_until = coalesce(excluded.read_until, r.read_until),
       problem = excluded.problem, retry_at = excluded.retry_at,
       failing_since = case when excluded.problem is not null then coalesce(r.failing_since, excluded.failing_since) end`,
    [feature, metric, readUntil, problem, retryAt]
  );
}

// src/store/guardrails/steps.ts
async function recordStep(db, { feature, metric, epoch, at, counts }) {
  await persistently(
    () => named(
      () => db.query("select rollout_record_step($1, $2, $3, to_timestamp($4), $5, $6, $7, $8)", [
        ...[feature, metric, epoch],
        // A moment inside the window of the step.
        at - STEP_SECONDS / 2,
        textArray(counts.map(({ subject }) => subject)),
        textArray(counts.map(({ arm }) => arm)),
        plainArray(counts.map(({ events }) => events)),
        plainArray(counts.map(({ bad }) => bad))
      ])
    )
  );
}
async function readStepSums(db, { feature, metric, epoch, from }) {
  const { rows } = await db.query(
    `select concat(extract(epoch from window_start)::bigint + $5, ' ', arm) as step, sum(events)::float8 as events,
       sum(bad)::float8 as bad
     from rollout_observations
     where feature_name = $1 and metric = $2 and epoch = $3 and window_start >= to_timestamp($4) group by window_start, arm`,
    [feature, metric, epoch, from, STEP_SECONDS]
  );
  return new Map(rows.map(({ step, events, bad }) => [step, { events, bad }]));
}

// src/store/guardrails/time-limits.ts
async function measureTimes(db) {
  const { rows } = await db.query("select rollout_measure_times() as measured");
  return rows[0]?.measured ?? 0;
}

// src/store/groups/guardrails.ts
var guardrailReader = (db) => ({
  observed: readObserved.bind(null, db),
  observedEpochs: readObservedEpochs.bind(null, db),
  observedWindows: readObservedWindows.bind(null, db),
  worstObserved: readWorstObserved.bind(null, db),
  refusedEvents: refusedEvents.bind(null, db),
  stepSums: readStepSums.bind(null, db),
  metricReads: readMetricReads.bind(null, db),
  backTests: readBackTests.bind(null, db)
});
var guardrailWriter = (single) => ({
  recordEvents: recordEvents.bind(null, single),
  recordStep: recordStep.bind(null, single),
  keepBackTest: keepBackTest.bind(null, single),
  noteMetricRead: noteMetricRead.bind(null, single),
  measureTimes: measureTimes.bind(null, single)
});

// src/store/health/evidence-lines.ts
var DIGIT_0 = 48;
var COMMA2 = 44;
function rowsOf(lines) {
  const rows = [];
  const reader2 = new LineReader(lines);
  while (reader2.more()) {
    rows.push({
      minute: reader2.number(),
      category: "",
      jobs: reader2.number(),
      errors: reader2.number(),
      controlJobs: reader2.number(),
      controlErrors: reader2.number()
    });
    rows.at(-1).category = reader2.rest();
  }
  return rows;
}
var LineReader = class {
  #text;
  #place = 0;
  constructor(text) {
    this.#text = text;
  }
  more() {
    return this.#place < this.#text.length;
  }
  /** Reads the digits up to the next comma. */
  number() {
    let value = 0;
    let place = this.#place;
    for (let code = this.#text.charCodeAt(place); code !== COMMA2; code = this.#text.charCodeAt(place)) {
      value = value * 10 + (code - DIGIT_0);
      place += 1;
    }
    this.#place = place + 1;
    return value;
  }
  /** Returns the rest of the line. */
  rest() {
    const end = this.#text.indexOf("\n", this.#place);
    const rest = this.#text.slice(this.#place, end < 0 ? void 0 : end);
    this.#place = end < 0 ? this.#text.length : end + 1;
    return rest;
  }
};

// src/store/health/evidence.ts
var DAYS_READ = 30;
async function readEvidence(db, feature, epoch) {
  return (await readEvidenceOf(db, [{ feature, epoch }])).get(feature)?.() ?? [];
}
async function readEvidenceOf(db, epochs) {
  const { rows } = await db.query(
    `select a.feature, string_agg(b.line, E'
') as lines
     from unnest($1::text[], $2::integer[]) a(feature, epoch)
     join rollout_evidence_buckets b on b.feature_name = a.feature and b.epoch = a.epoch
     where b.bucket_start >= now() - make_interval(hours => 24 * $3)
     group by a.feature`,
    [epochs.map(({ feature }) => feature), epochs.map(({ epoch }) => epoch), DAYS_READ]
  );
  return new Map(rows.map(({ feature, lines }) => [feature, () => rowsOf(lines)]));
}
async function countStepJobs(db, feature, epoch, since) {
  const counted = await countStepJobsOf(db, [{ feature, epoch, step_started_at: since }]);
  return counted.get(feature) ?? { jobs: 0, errors: 0 };
}
async function countStepJobsOf(db, steps) {
  const { rows } = await db.query(
    `with asked as (
       select *, date_bin('15 minutes', since, 'epoch') + interval '15 minutes' as whole
       from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, since)
     ), parts as (
       select a.feature, b.jobs, b.errors
       from asked a
       join rollout_evidence_buckets b on b.feature_name = a.feature and b.epoch = a.epoch and b.bucket_start >= a.whole
       union all
       select a.feature, e.total_jobs, e.error_count
       from asked a
       cross join lateral (
         select w.total_jobs, w.error_count from rollout_evidence w
         where w.feature_name = a.feature and w.epoch = a.epoch and w.arm = 'treatment'
           and w.window_start >= date_bin('5 minutes', a.since, 'epoch') and w.window_start < a.whole
         offset 0
       ) e
     )
     select feature, sum(jobs)::float8 as jobs, sum(errors)::float8 as errors from parts group by feature`,
    columnsOf3(steps)
  );
  return new Map(rows.map(({ feature, jobs, errors }) => [feature, { jobs, errors }]));
}
function columnsOf3(steps) {
  return [
    steps.map(({ feature }) => feature),
    steps.map(({ epoch }) => epoch),
    steps.map(({ step_started_at }) => step_started_at)
  ];
}

// src/store/health/checks.ts
async function recordCheck(db, check) {
  const { judgement } = check;
  await db.query(
    `insert into rollout_health_checks
       (feature_name, epoch, verdict, reason_code, reason, severity, scope, action, jobs, errors, scores, evidence, paused,
        turned_from)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
       (select case when p.verdict = $3 then p.turned_from else p.id end
        from rollout_health_checks p where p.feature_name = $1 and p.epoch = $2 order by p.id desc limit 1))`,
    [
      check.feature,
      check.epoch,
      judgement.verdict,
      judgement.reasonCode,
      judgement.reason,
      judgement.severity,
      judgement.scope,
      check.action,
      judgement.jobs,
      judgement.errors,
      JSON.stringify(judgement.scores),
      JSON.stringify({
        ...judgement.window,
        slow: check.slow,
        ...check.guardrails.length > 0 ? { guardrails: check.guardrails } : {}
      }),
      check.paused
    ]
  );
}
async function noteAction(db, feature, action) {
  await db.query(
    `update rollout_health_checks set action = $2
     where id = (select max(id) from rollout_health_checks where feature_name = $1)`,
    [feature, action]
  );
}
async function proposedFeatures(db) {
  const { rows } = await db.query(
    `select c.feature_name as feature from rollout_configuration c
     where (select h.action from rollout_health_checks h where h.feature_name = c.feature_name
            order by h.checked_at desc limit 1) = 'proposed'`
  );
  return rows.map(({ feature }) => feature);
}
async function readLatestChecks(db, epochs) {
  const { rows } = await db.query(
    `select a.feature, c.*
     from unnest($1::text[], $2::integer[]) a(feature, epoch)
     cross join lateral (
       select h.id::text, h.verdict, h.reason_code, h.scope, h.severity, h.checked_at,
         coalesce((h.evidence ->> 'slow')::boolean, false) as slow, h.turned_from::text
       from rollout_health_checks h
       where h.feature_name = a.feature and h.epoch = a.epoch order by h.id desc limit 1
     ) c`,
    [epochs.map(({ feature }) => feature), epochs.map(({ epoch }) => epoch)]
  );
  return new Map(rows.map(({ feature, ...check }) => [feature, check]));
}
async function readSoak(db, feature, epoch, stepStartedAt) {
  const soaks = await readSoaks(db, [{ feature, epoch, step_started_at: stepStartedAt }]);
  return soaks.get(feature) ?? { since: stepStartedAt, pausedSeconds: 0 };
}
async function readSoaks(db, steps) {
  const { rows } = await db.query(
    `select a.feature, soak.since, paused.seconds::float8 as paused_seconds
     from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, step_started_at)
     cross join lateral (
       select greatest(a.step_started_at, max(c.checked_at)) as since
       from rollout_health_checks c
       where c.feature_name = a.feature and c.epoch = a.epoch and c.verdict <> 'healthy'
         and c.checked_at >= a.step_started_at
     ) soak
     cross join lateral (
       select coalesce(extract(epoch from sum(span.lasted)), 0) as seconds
       from (
         select c.paused, lead(c.checked_at, 1, clock_timestamp()) over (order by c.id) - c.checked_at as lasted
         from rollout_health_checks c
         where c.feature_name = a.feature and c.epoch = a.epoch and c.checked_at >= soak.since
       ) span where span.paused
     ) paused`,
    columnsOf3(steps)
  );
  return new Map(
    rows.map(({ feature, since, paused_seconds }) => [feature, { since, pausedSeconds: paused_seconds }])
  );
}

// src/store/health/hearing.ts
async function readHearings(db, steps) {
  const { rows } = await db.query(
    `select a.feature, extract(epoch from now() - heard.at)::float8 as "quietSeconds",
       slowest.mean_seconds as "longestMeanSeconds", late.jobs::float8 as "openJobs",
       since.control::float8 as "controlJobs",
       coalesce(heard.jobs / nullif(heard.jobs + heard.control, 0), 0)::float8 as share
     from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, since)
     cross join lateral (
       select max(b.bucket_start) filter (where b.jobs > 0) as newest
       from rollout_evidence_buckets b
       where b.feature_name = a.feature and b.epoch = a.epoch and b.bucket_start >= now() - make_interval(hours => 24 * $4)
     ) last
     cross join lateral (
       select coalesce(least(now(), last.newest + interval '15 minutes'), a.since) as at,
         coalesce(sum(b.jobs), 0) as jobs, coalesce(sum(b.control_jobs), 0) as control
       from rollout_evidence_buckets b
       where b.feature_name = a.feature and b.epoch = a.epoch and b.bucket_start <= last.newest
         and b.bucket_start >= now() - make_interval(hours => 24 * $4)
     ) heard
     cross join lateral (
       select coalesce(sum(b.control_jobs), 0) as control from rollout_evidence_buckets b
       where b.feature_name = a.feature and b.epoch = a.epoch and b.bucket_start >= heard.at
     ) since
     cross join lateral rollout_patience(a.feature, $5, $6) slowest
     cross join lateral (
       select count(*) as jobs from rollout_jobs j
       where j.feature_name = a.feature and j.epoch = a.epoch and j.arm = 'treatment' and j.state = 'open'
         and j.routed_at >= heard.at
         and j.routed_at < now() - slowest.patience
     ) late`,
    [...columnsOf3(steps), DAYS_READ, SHORTEST_PATIENCE, LATE_MEANS]
  );
  return new Map(rows.map(({ feature, ...hearing }) => [feature, { ...NOTHING_EXPECTED, ...hearing }]));
}

// src/store/health/rates.ts
var WINDOW = `make_interval(secs => (c.monitoring_window_hours * 3600)::float8)`;
async function readRates(db, feature) {
  const times = await readTimes(db, feature);
  const { rows } = await db.query(
    `with asked as (
       select c.feature_name, c.epoch, now() - ${WINDOW} as begins, now() - 2 * ${WINDOW} as earlier
       from rollout_configuration c where $1::text is null or c.feature_name = $1
     ), hours as (
       select *, date_bin('1 hour', begins, 'epoch') as first, date_bin('1 hour', earlier, 'epoch') as earliest from asked
     ), edges as (
       select distinct a.feature_name, a.epoch as own, a.begins, a.earlier, e.epoch, e.hour_start
       from hours a
       join rollout_evidence_hours e on e.feature_name = a.feature_name and e.hour_start in (a.first, a.earliest)
     ), parts as (
       select a.feature_name, e.hour_start > a.first as recent, e.epoch = a.epoch as present, e.processor_type, e.arm,
         e.category, e.total_jobs, e.error_count, e.timed_jobs, e.processing_ms
       from hours a
       join rollout_evidence_hours e on e.feature_name = a.feature_name and e.hour_start > a.earliest
       where e.hour_start <> a.first
       union all
       select a.feature_name, e.window_start > a.begins, a.epoch = a.own, e.processor_type, e.arm,
         e.category, e.total_jobs, e.error_count, e.timed_jobs, e.processing_ms
       from edges a
       cross join lateral (
         select * from rollout_evidence w
         where w.feature_name = a.feature_name and w.epoch = a.epoch and w.window_start > a.earlier
           and w.window_start >= a.hour_start and w.window_start < a.hour_start + interval '1 hour'
         offset 0
       ) e
     )
     select feature_name as feature, case when recent then 'now' else 'before' end as side, present,
       processor_type as processor, arm, category, sum(total_jobs)::float8 as jobs, sum(error_count)::float8 as errors,
       sum(timed_jobs)::float8 as timed_jobs, sum(processing_ms) as processing_ms
     from parts
     group by 1, 2, 3, 4, 5, 6 order by 1, 2, 4, 5, 6, 3`,
    [feature ?? null]
  );
  return rows.map((row) => {
    const counted = times.get(placeOf(row));
    return counted ? { ...row, times: counted } : row;
  });
}
function placeOf({ feature, side, present, processor, arm, category }) {
  return JSON.stringify([feature, side, present, processor, arm, category]);
}
async function readTimes(db, feature) {
  const { rows } = await db.query(
    `select s.feature, 'now' as side, s.present, s.processor, s.arm, s.category,
       array_agg(s.place) as places, array_agg(s.jobs) as counts
     from (
       select t.feature_name as feature, t.epoch = c.epoch as present, t.processor_type as processor, t.arm, t.category,
         u.place, sum(u.jobs)::float8 as jobs
       from rollout_configuration c
       join rollout_evidence_times t on t.feature_name = c.feature_name
         and t.hour_start >= date_bin('1 hour', now() - ${WINDOW}, 'epoch')
       cross join lateral unnest(t.places, t.counts) u(place, jobs)
       where $1::text is null or c.feature_name = $1
       group by 1, 2, 3, 4, 5, 6
     ) s group by 1, 2, 3, 4, 5, 6`,
    [feature ?? null]
  );
  return new Map(
    rows.map((row) => {
      return [placeOf(row), countersOf(row.places.map((place, i) => [place, row.counts[i] ?? 0]))];
    })
  );
}
async function countParticipants(db, feature) {
  const { rows } = await db.query(
    `select feature, subjects::float8 from rollout_participants($1)`,
    [feature ?? null]
  );
  return new Map(rows.map((row) => [row.feature, row.subjects]));
}
async function keepParticipation(db) {
  await db.query("select rollout_keep_participation()");
}
async function readErrorTexts(db, limit, feature) {
  const { rows } = await db.query(
    `select feature, processor, arm, message, occurrences, last_at
     from (
       select r.feature_name as feature, r.processor_type as processor, r.arm, r.message,
         sum(r.occurrences)::float8 as occurrences, max(r.last_at) as last_at,
         row_number() over (partition by r.feature_name
           order by sum(r.occurrences) desc, r.message, r.processor_type, r.arm) as place
       from rollout_configuration c
       join rollout_errors r on r.feature_name = c.feature_name
         and r.day >= ((now() - ${WINDOW}) at time zone 'UTC')::date
       where $1::text is null or c.feature_name = $1
       group by 1, 2, 3, 4
     ) counted
     where place <= $2 order by feature, place`,
    [feature ?? null, limit]
  );
  return rows;
}
async function readLastVerdicts(db, feature) {
  const { rows } = await db.query(
    `select c.feature_name as feature, h.verdict, h.reason_code, h.reason, h.severity, h.scope, h.checked_at,
       coalesce(h.evidence -> 'guardrails', '[]') as guardrails
     from rollout_configuration c
     join lateral (
       select * from rollout_health_checks h
       where h.feature_name = c.feature_name and h.epoch = c.epoch order by h.checked_at desc, h.id desc limit 1
     ) h on true
     where $1::text is null or c.feature_name = $1`,
    [feature ?? null]
  );
  return new Map(rows.map((row) => [row.feature, row]));
}
async function readHours(db, hours, feature) {
  const { rows } = await db.query(
    `select b.feature_name as feature,
       (extract(epoch from date_trunc('hour', now(), 'UTC') - date_trunc('hour', b.bucket_start, 'UTC')) / 3600)::integer as hours_ago,
       sum(b.jobs)::float8 as jobs, sum(b.errors)::float8 as errors
     from rollout_evidence_buckets b
     where b.bucket_start >= date_trunc('hour', now(), 'UTC') - make_interval(hours => $1 - 1) and b.bucket_start <= now()
       and ($2::text is null or b.feature_name = $2)
     group by 1, 2`,
    [hours, feature ?? null]
  );
  return rows;
}

// src/store/health/speed.ts
async function readSpeed(db, feature, epoch, since) {
  return (await readSpeedOf(db, [{ feature, epoch, step_started_at: since }])).get(feature) ?? [];
}
async function readSpeedOf(db, steps) {
  const { rows } = await db.query(
    `with asked as (
       select *, date_bin('1 hour', since, 'epoch') as first_hour,
         date_bin('5 minutes', since, 'epoch') as first_window
       from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, since)
     ), parts as (
       select a.feature, h.processor_type, h.job_class, case when h.arm = 'control' then 'control'
           when h.hour_start > a.first_hour then 'now' else 'before' end as side, h.timed_jobs, h.processing_ms
       from asked a
       join rollout_evidence_hours h on h.feature_name = a.feature and h.epoch = a.epoch
       where h.hour_start >= now() - make_interval(hours => 24 * $4) and h.timed_jobs > 0
         and (h.arm = 'control' or (h.arm = 'treatment' and h.hour_start <> a.first_hour))
       union all
       select a.feature, e.processor_type, e.job_class,
         case when e.window_start >= a.first_window then 'now' else 'before' end, e.timed_jobs, e.processing_ms
       from asked a
       cross join lateral (
         select * from rollout_evidence w
         where w.feature_name = a.feature and w.epoch = a.epoch and w.arm = 'treatment' and w.timed_jobs > 0
           and w.window_start >= a.first_hour and w.window_start < a.first_hour + interval '1 hour'
         offset 0
       ) e
     ), sums as (
       select feature, processor_type, job_class, side, sum(timed_jobs)::float8 as jobs, sum(processing_ms) as ms
       from parts group by 1, 2, 3, 4
     )
     select n.feature, n.processor_type as processor, n.job_class, n.jobs, n.ms / n.jobs as mean_ms,
       b.jobs as baseline_jobs, b.ms / b.jobs as baseline_ms, b.side as baseline
     from sums n
     join lateral (
       select * from sums s where s.feature = n.feature and s.processor_type = n.processor_type
         and s.job_class = n.job_class and s.side in ('control', 'before') order by s.side desc limit 1
     ) b on true
     where n.side = 'now'
     order by 1, 2, 3`,
    [...columnsOf3(steps), DAYS_READ]
  );
  const features = byKey(rows, ({ feature }) => feature);
  return new Map(
    [...features].map(([feature, found]) => [feature, found.map(({ feature: _, ...one }) => one)])
  );
}

// src/store/health/spent.ts
var DAYS2 = 7;
async function readSpent(db, steps) {
  if (steps.length === 0) return /* @__PURE__ */ new Map();
  const { rows } = await db.query(
    `with asked as (
       select a.*, date_bin('5 minutes', greatest(a.began, now() - make_interval(days => $4)), 'epoch') as since
       from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, began)
     ), parts as (
       select a.feature, a.since, h.processor_type, h.total_jobs, h.timed_jobs, h.processing_ms
       from asked a
       join rollout_evidence_hours h on h.feature_name = a.feature and h.epoch = a.epoch
         and h.hour_start > a.since and h.hour_start <= now() and h.arm in ('treatment', 'fallback')
       union all
       select a.feature, a.since, e.processor_type, e.total_jobs, e.timed_jobs, e.processing_ms
       from asked a
       cross join lateral (
         select * from rollout_evidence w
         where w.feature_name = a.feature and w.epoch = a.epoch and w.arm in ('treatment', 'fallback')
           and w.window_start >= a.since and w.window_start < date_bin('1 hour', a.since, 'epoch') + interval '1 hour'
         offset 0
       ) e
     )
     select feature, processor_type as processor, sum(total_jobs)::float8 as jobs,
       sum(timed_jobs)::float8 as timed_jobs, sum(processing_ms) as processing_ms,
       extract(epoch from now() - since)::float8 as seconds
     from parts group by feature, processor_type, since order by 1, 2`,
    [...columnsOf3(steps), DAYS2]
  );
  return new Map(
    [...byKey(rows, ({ feature }) => feature)].map(([feature, found]) => [
      feature,
      {
        processors: found.map(({ feature: _feature, seconds: _seconds, ...sum }) => sum),
        seconds: Math.max(1, found[0]?.seconds ?? 0)
      }
    ])
  );
}

// src/store/health/spread.ts
async function readSpread(db, feature, epoch, since) {
  const spreads = await readSpreads(db, [{ feature, epoch, step_started_at: since }]);
  return spreads.get(feature) ?? NOTHING_HEARD;
}
async function readSpreads(db, soaks) {
  const { rows } = await db.query(
    `select a.feature, hours.expected, hours.heard, newest.age
     from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, since)
     cross join lateral (
       -- Null where nothing was heard: greatest() alone would make 0 of it, as if a job had ended just now.
       select case when jobs.window_start is not null or customers.window_start is not null then
         greatest(0, extract(epoch from now() - greatest(jobs.window_start + interval '5 minutes',
           customers.window_start + monitored.length)))::float8 end as age
       from rollout_configuration c
       cross join lateral (
         select make_interval(secs => (c.monitoring_window_hours * 3600)::float8) as length
       ) monitored
       cross join lateral (select a.since - greatest(interval '1 hour', monitored.length) as since) looked
       -- From the newest window backward: most features have none of a pilot, and would be read whole for it.
       left join lateral (
         select e.window_start from rollout_evidence e
         where e.feature_name = a.feature and e.epoch = a.epoch and e.arm = 'treatment' and e.total_jobs > 0
           and e.processor_type <> 'pilot' and e.window_start >= looked.since
         order by e.window_start desc limit 1
       ) jobs on true
       left join lateral (
         select e.window_start from rollout_evidence e
         where e.feature_name = a.feature and e.epoch = a.epoch and e.arm = 'treatment' and e.total_jobs > 0
           and e.processor_type = 'pilot' and e.window_start >= looked.since
           -- Asked once, before the windows; as a join it would be asked of each.
           and exists (
             select from rollout_evidence_hours h
             where h.feature_name = a.feature and h.epoch = a.epoch and h.arm = 'treatment'
               and h.processor_type = 'pilot' and h.hour_start >= looked.since - interval '1 hour' offset 0)
         order by e.window_start desc limit 1
       ) customers on true
       where c.feature_name = a.feature
     ) newest
     cross join lateral (
       with heard as (
         select date_bin('1 hour', b.bucket_start, 'epoch') as hour, bool_or(b.jobs > 0 and b.epoch = a.epoch) as treated
         from rollout_evidence_buckets b
         where b.feature_name = a.feature
           and b.bucket_start >= date_bin('1 hour', a.since, 'epoch') - interval '24 hours'
         group by 1
       )
       select count(*)::integer as expected, count(*) filter (where today.treated)::integer as heard
       from heard before
       left join heard today on today.hour = before.hour + interval '24 hours'
       where before.hour + interval '24 hours' >= date_bin('1 hour', a.since, 'epoch')
         and before.hour + interval '25 hours' <= now()
     ) hours`,
    columnsOf3(soaks)
  );
  return new Map(
    rows.map(({ feature, expected, heard, age }) => [
      feature,
      { expectedHours: expected, heardHours: heard, newestAge: age }
    ])
  );
}

// src/store/health/timeline.ts
var DAYS_READ2 = 366;
var DAYS_OF_CHECKS = 90;
var MOST_TURNS = 200;
async function readExposures(db, feature) {
  const { rows } = await db.query(
    `with told as (
       select feature_name, id, created_at, action,
         coalesce((metadata -> 'spec' ->> 'active')::boolean and not (metadata -> 'spec' ->> 'emergency_stop')::boolean, false)
           and not coalesce((metadata ->> 'archived')::boolean, false) as live,
         coalesce((metadata -> 'spec' ->> 'percentage')::float8, 0) as percentage
       from rollout_history
       where metadata ? 'spec' and feature_name is not null and ($1::text is null or feature_name = $1)
     ), points as (
       select feature_name, id, created_at, action, live, case when live then percentage else 0 end as percentage
       from told
     ), turned as (
       select *, lag(live) over by_id is distinct from live
           or lag(percentage) over by_id is distinct from percentage as turn
       from points window by_id as (partition by feature_name order by id)
     )
     select feature_name as feature, id::float8 as history, created_at as at, action, live, percentage
     from turned where turn order by feature_name, id`,
    [feature ?? null]
  );
  return rows;
}
function spanOf(column, recent) {
  return `case when ${column} >= now() - interval '2 days' then interval '${recent}'
    when ${column} >= now() - interval '7 days' then interval '1 hour'
    when ${column} >= now() - interval '30 days' then interval '6 hours' else interval '1 day' end`;
}
async function readRateSeries(db, feature) {
  const { rows } = await db.query(
    `with spans as (
       select e.feature_name, date_bin(span, e.hour_start, 'epoch') as start, max(extract(epoch from span)) as span,
         sum(total_jobs) filter (where arm = 'treatment') as jobs,
         sum(error_count) filter (where arm = 'treatment') as errors,
         sum(processing_ms) filter (where arm = 'treatment') / nullif(sum(timed_jobs) filter (where arm = 'treatment'), 0) as ms,
         sum(total_jobs) filter (where arm = 'control') as control_jobs,
         sum(error_count) filter (where arm = 'control') as control_errors,
         sum(processing_ms) filter (where arm = 'control') / nullif(sum(timed_jobs) filter (where arm = 'control'), 0) as control_ms
       from (select *, ${spanOf("hour_start", "1 hour")} as span from rollout_evidence_hours
         where arm <> 'fallback' and hour_start >= now() - make_interval(hours => 24 * $2)
           and ($1::text is null or feature_name = $1)) e
       group by 1, 2
     )
     select feature_name as feature, to_json(array_agg(extract(epoch from start)::bigint order by start)) as at,
       to_json(array_agg(span::integer order by start)) as span,
       to_json(array_agg(coalesce(jobs, 0) order by start)) as jobs,
       to_json(array_agg(coalesce(errors, 0) order by start)) as errors,
       to_json(array_agg(coalesce(control_jobs, 0) order by start)) as control_jobs,
       to_json(array_agg(coalesce(control_errors, 0) order by start)) as control_errors,
       to_json(array_agg(round(ms) order by start)) as mean_ms,
       to_json(array_agg(round(control_ms) order by start)) as control_mean_ms
     from spans group by feature_name`,
    [feature ?? null, DAYS_READ2]
  );
  return rows;
}
var BADNESS = `array_position(array['no_data', 'insufficient', 'healthy', 'warning', 'suspect', 'error', 'harmful'], verdict)`;
async function readScoreSeries(db, feature) {
  const { rows } = await db.query(
    `with spans as (
       select feature_name, date_bin(${spanOf("checked_at", "1 second")}, checked_at, 'epoch') as start,
         (array['no_data', 'insufficient', 'healthy', 'warning', 'suspect', 'error', 'harmful'])[max(${BADNESS})] as verdict,
         max((scores ->> 'absolute')::float8) as absolute, max((scores ->> 'relative')::float8) as relative,
         max((scores ->> 'warning')::float8) as warning
       from rollout_health_checks
       where checked_at >= now() - make_interval(hours => 24 * $2) and ($1::text is null or feature_name = $1)
       group by 1, 2
     )
     select feature_name as feature, to_json(array_agg(extract(epoch from start)::bigint order by start)) as at,
       to_json(array_agg(verdict order by start)) as verdict,
       to_json(array_agg(round(coalesce(absolute, 0)::numeric, 2) order by start)) as absolute,
       to_json(array_agg(round(coalesce(relative, 0)::numeric, 2) order by start)) as relative,
       to_json(array_agg(round(coalesce(warning, 0)::numeric, 2) order by start)) as warning
     from spans group by feature_name`,
    [feature ?? null, DAYS_OF_CHECKS]
  );
  return rows;
}
async function readTurns(db, feature) {
  const { rows } = await db.query(
    `with turned as (
       select feature_name, id, checked_at, verdict, reason_code, reason,
         lag(verdict) over (partition by feature_name order by id) is distinct from verdict as turn
       from rollout_health_checks
       where checked_at >= now() - make_interval(hours => 24 * $2) and ($1::text is null or feature_name = $1)
     ), newest as (
       select *, row_number() over (partition by feature_name order by id desc) as place from turned where turn
     )
     select feature_name as feature, checked_at as at, verdict, reason_code, reason from newest
     where place <= $3 order by feature_name, id`,
    [feature ?? null, DAYS_OF_CHECKS, MOST_TURNS]
  );
  return rows;
}

// src/store/health/traffic.ts
async function readEvidenceEpochs(db, feature) {
  const { rows } = await db.query(
    `select epoch, min(bucket_start) as since, least(max(bucket_start) + interval '15 minutes', now()) as until,
       sum(jobs)::float8 as jobs
     from rollout_evidence_buckets
     where feature_name = $1 and bucket_start >= now() - make_interval(hours => 24 * $2)
     group by epoch order by epoch`,
    [feature, DAYS_READ]
  );
  return rows;
}

// src/store/incidents/outbox.ts
async function enqueue(db, notification) {
  const { key, feature, severity, kind, message, details } = notification;
  const { rowCount } = await db.query(
    `insert into rollout_outbox (dedupe_key, feature_name, severity, kind, message, details)
     values ($1, $2, $3, $4, $5, $6) on conflict (dedupe_key) do nothing`,
    [key, feature, severity, kind, message, JSON.stringify(details ?? {})]
  );
  return rowCount === 1;
}
async function pendingNotifications(db, limit, after = "0") {
  const { rows } = await db.query(
    `select id::text, dedupe_key as key, feature_name as feature, severity, kind, message, details, created_at, attempts,
       delivered_to, told_at is not null as told
     from rollout_outbox where delivered_at is null and rollout_outbox.id > $2::bigint
     order by rollout_outbox.id limit $1`,
    [limit, after]
  );
  return rows;
}
async function announceIncidents(db) {
  await db.query(
    `with told as (
       select split_part(dedupe_key, ':', 2) as incident, split_part(dedupe_key, ':', 3) as turn, id
       from rollout_outbox where dedupe_key like 'incident:%' and kind <> 'still_exposed'
     ), now_at as (
       select i.*, case i.state when 'open' then 'opened' else i.state end as turn,
         (select t.turn from told t where t.incident = i.id::text order by t.id desc limit 1) as last_turn
       from rollout_incidents i
       where i.state = 'open' or (i.state in ('settled', 'resumed')
         and greatest(i.opened_at, i.settled_at, i.resumed_at) > now() - interval '30 days')
     ), turned as (
       select n.*, (select count(*) from told t where t.incident = n.id::text and t.turn = n.turn) as times
       from now_at n where n.last_turn is distinct from n.turn
     )
     insert into rollout_outbox (dedupe_key, feature_name, severity, kind, message, details)
     select 'incident:' || id || ':' || turn || case when times > 0 then ':' || times + 1 else '' end, feature_name,
       case when state = 'open' then severity else 'info' end,
       case when state <> 'open' then state when last_turn is not null then 'reopened' else
         case kind when 'rollback' then 'rolled_back' when 'emergency_stop' then 'stopped' else 'lowered' end end,
       case when state <> 'open' then feature_name || ': incident ' || id || ' is ' || state || ' (' || reason || ')'
         when last_turn is not null then feature_name || ': incident ' || id || ' is open again (' || reason || ')'
         else case kind when 'rollback' then feature_name || ' was rolled back: '
           when 'emergency_stop' then feature_name || ' was stopped: '
           else feature_name || ' was lowered by hand: ' end || reason end,
       jsonb_build_object('incident', id::text, 'began_as', severity)
     from turned
     order by id
     on conflict (dedupe_key) do nothing`
  );
}
async function markTold(db, id) {
  await db.query(`update rollout_outbox set told_at = clock_timestamp() where id = $1`, [id]);
}
async function markDelivery(db, id, error, receivers = []) {
  await db.query(
    `update rollout_outbox set attempts = attempts + 1, last_error = left($2, 500),
       delivered_to = delivered_to || $3::text[],
       delivered_at = case when $2::text is null then clock_timestamp() end
     where id = $1`,
    [id, error, receivers]
  );
}
async function lastTakenBy(db, receiver) {
  const { rows } = await db.query(
    `select coalesce(max(id), 0)::text as id from rollout_outbox where $1 = any (delivered_to)`,
    [receiver]
  );
  return rows[0]?.id ?? "0";
}

// src/store/health/verdicts.ts
function recordVerdict(pool, actor, verdict) {
  return transaction(pool, { actor }, async (client) => {
    await recordCheck(client, verdict);
    for (const notification of verdict.notifications) await enqueue(client, notification);
  });
}

// src/store/outcomes/fuse.ts
async function tripFuse(db) {
  const { rows } = await translated(() => db.query("select rollout_trip() as pending"));
  return rows[0]?.pending ?? 0;
}

// src/store/outcomes/processes.ts
var SHOWN_SECONDS = 180;
async function readSilentHosts(db, asked) {
  if (asked.length === 0) return /* @__PURE__ */ new Map();
  const { rows } = await db.query(
    `select s.feature, s.missing::float8 as missing, s.processes::float8 as processes, s.finished::float8 as finished,
       extract(epoch from s.silent)::float8 as "silentSeconds"
     from rollout_silent_hosts($1, $2) s`,
    [asked.map(({ feature }) => feature), asked.map(({ epoch }) => epoch)]
  );
  return new Map(rows.map(({ feature, ...hosts }) => [feature, hosts]));
}
async function readBreakers(db, feature) {
  const { rows } = await db.query(
    `select b ->> 'feature' as feature, b ->> 'processor' as processor,
       (count(*) filter (where b ->> 'state' = 'open'))::integer as open,
       (count(*) filter (where b ->> 'state' = 'half_open'))::integer as half_open
     from rollout_processes p cross join jsonb_array_elements(p.breakers) b
     where p.left_at is null and p.seen_at >= now() - make_interval(secs => $2)
       and ($1::text is null or b ->> 'feature' = $1)
     group by 1, 2 order by 1, 2`,
    [feature ?? null, SHOWN_SECONDS]
  );
  return rows;
}

// src/store/outcomes/wrong-arms.ts
async function readWrongArms(db, asked) {
  if (asked.length === 0) return /* @__PURE__ */ new Map();
  const { rows } = await db.query(
    `select w.feature, w.subjects::float8 as subjects, w.wrong::float8 as wrong, w.named
     from rollout_wrong_arms($1, $2, $3) w`,
    [
      asked.map(({ feature }) => feature),
      asked.map(({ epoch }) => epoch),
      asked.map((one) => one.epoch_started_at)
    ]
  );
  return new Map(rows.map(({ feature, ...arms }) => [feature, arms]));
}

// src/store/score/spans.ts
var columnsOf4 = (asked, days) => [
  asked.map(({ feature }) => feature),
  asked.map(({ epoch }) => epoch),
  asked.map((one) => one.epoch_started_at),
  days,
  asked.map((one) => one.resumed_at ?? null)
];
var firstOf = (parameter) => `(date_bin('1 day', now() - make_interval(hours => 24 * ${parameter}), 'epoch') + interval '1 day')`;
var ASKED = `barred as (
    select q.feature_name as feature, q.subject_id as subject, max(coalesce(q.ended_at, 'infinity')) as until
    from rollout_quarantine q where q.feature_name = any ($1) group by 1, 2
  ), asked as materialized (
    select a.feature, a.epoch, a.started, greatest(a.resumed, ${firstOf("$4")}) as since,
      md5(jsonb_build_array(c.target_repositories, c.denied, (
        select jsonb_agg(jsonb_build_array(b.subject, extract(epoch from nullif(b.until, 'infinity'))) order by b.subject)
        from barred b where b.feature = a.feature))::text) as basis
    from unnest($1::text[], $2::integer[], $3::timestamptz[], $5::timestamptz[]) a(feature, epoch, started, resumed)
    left join rollout_configuration c on c.feature_name = a.feature
  )`;
var STALE = `present as materialized (
    select e.feature, e.epoch, e.basis, e.bucket_start, sum(e.jobs)::bigint as jobs, sum(e.errors)::bigint as errors,
      sum(e.control_jobs)::bigint as control_jobs, sum(e.control_errors)::bigint as control_errors,
      sum(e.opened)::bigint as opened
    from (
      select a.feature, a.epoch, a.basis, b.bucket_start, b.jobs, b.errors, b.control_jobs, b.control_errors, 0 as opened
      from asked a
      join rollout_evidence_buckets b on b.feature_name = a.feature and b.epoch = a.epoch and b.bucket_start >= a.since
      union all
      select a.feature, a.epoch, a.basis, o.bucket_start, 0, 0, 0, 0, o.jobs
      from asked a
      join rollout_opened_jobs o on o.feature_name = a.feature and o.epoch = a.epoch and o.bucket_start >= a.since
    ) e
    group by 1, 2, 3, 4
  ), compared_with_kept as materialized (
    -- No anti-join: of that the planner expects a single row, and then scans whatever is joined to it row by row.
    select p.*, (k.basis, k.jobs, k.errors, k.control_jobs, k.control_errors, k.opened)
      is not distinct from (p.basis, p.jobs, p.errors, p.control_jobs, p.control_errors, p.opened) as is_kept
    from present p
    left join rollout_score_windows k on k.feature_name = p.feature and k.epoch = p.epoch and k.bucket_start = p.bucket_start
  ), stale as materialized (
    select * from compared_with_kept where not is_kept
  )`;
var ALL_STALE = `stale as materialized (
    select a.feature, a.epoch, b.bucket_start from asked a
    join rollout_evidence_buckets b on b.feature_name = a.feature and b.epoch = a.epoch and b.bucket_start >= a.since
    union
    select a.feature, a.epoch, o.bucket_start from asked a
    join rollout_opened_jobs o on o.feature_name = a.feature and o.epoch = a.epoch and o.bucket_start >= a.since
  )`;
var KEPT_BY_ID = `case when k.whole then true
        when n.subject_id is not null and (k.by_subject = 'top' or w.by_id) then true
        when not coalesce(w.unnamed or w.grouped, false) then k.by_subject = 'full'
        when not w.grouped then true
        else w.by_id and exists (select from rollout_metrics m where m.feature_name = j.feature_name and m.epoch = j.epoch
          and m.subject_id = j.subject_id and m.metrics_window_start = w.at and m.processor_type <> 'pilot') end`;
var SPANS2 = `moments as materialized (
    select distinct bucket_start from stale
  ), ended as (
    select s.feature, s.epoch, m.subject_id as subject, m.category, m.arm, m.metrics_window_start as at, s.bucket_start,
      0 as begun, m.total_jobs as finished, m.error_count as failed
    from (
      select t.bucket_start, r.* from moments t
      cross join lateral (
        select * from rollout_metrics w
        where w.metrics_window_start >= t.bucket_start and w.metrics_window_start < t.bucket_start + interval '15 minutes'
          and w.arm in ('treatment', 'control')
        offset 0
      ) r
      offset 0
    ) m
    join stale s on s.bucket_start = m.bucket_start and s.feature = m.feature_name and s.epoch = m.epoch
    left join barred b on b.feature = s.feature and b.subject = m.subject_id
    where m.arm = 'control' or b.until is null or m.metrics_window_start >= b.until
  ), routed as (
    select * from rollout_jobs j
    where j.state = 'open' and j.routed_at >= (select min(bucket_start) from stale)
    union all
    -- Between two moments: for one alone the planner would rather read all jobs.
    select * from rollout_jobs j
    where j.state <> 'open' and j.ended_at between (select min(bucket_start) from stale) and now() + interval '1 day'
  ), keeping as materialized (
    select by_subject, by_subject = 'full'
        and coalesce(subjects_whole_since <= (select min(bucket_start) from stale), true) as whole
    from rollout_state cross join lateral (select coalesce(outcomes ->> 'by_subject', 'full') as by_subject) o
  ), ways as materialized (
    select m.feature_name as feature, m.epoch, m.metrics_window_start as at, bool_or(not m.grouped) as by_id,
      bool_or(m.grouped) as grouped, bool_or(not m.grouped and n.subject_id is null) as unnamed
    from moments t
    cross join lateral (
      select w.*, position(chr(31) in w.subject_id) > 0 as grouped from rollout_metrics w
      where w.metrics_window_start >= t.bucket_start and w.metrics_window_start < t.bucket_start + interval '15 minutes'
        and w.feature_name = any ($1) and w.processor_type <> 'pilot'
      offset 0
    ) m
    left join rollout_named_subjects n on n.feature_name = m.feature_name and n.subject_id = m.subject_id
    where not (select whole from keeping)
    group by 1, 2, 3
  ), begun as (
    select s.feature, s.epoch, case when ${KEPT_BY_ID} then j.subject_id
        else rollout_subject_group(j.subject_id, j.category) end as subject,
      j.category, j.arm, date_bin('5 minutes', j.routed_at, 'epoch') as at, s.bucket_start, count(*) as begun,
      0 as finished, 0 as failed
    from routed j
    join stale s on s.feature = j.feature_name and s.epoch = j.epoch
      and s.bucket_start = date_bin('15 minutes', j.routed_at, 'epoch')
    cross join keeping k
    left join ways w on w.feature = s.feature and w.epoch = s.epoch and w.at = date_bin('5 minutes', j.routed_at, 'epoch')
    left join rollout_named_subjects n on not k.whole and n.feature_name = j.feature_name
      and n.subject_id = j.subject_id and n.named_from <= date_bin('5 minutes', j.routed_at, 'epoch')
    left join barred b on b.feature = s.feature and b.subject = j.subject_id
    where j.arm in ('treatment', 'control') and position(chr(31) in j.id) = 0
      and (j.arm = 'control' or b.until is null or date_bin('5 minutes', j.routed_at, 'epoch') >= b.until)
    group by 1, 2, 3, 4, 5, 6, 7
  ), spans as (
    select s.feature, s.epoch, s.subject, s.arm, s.at, s.bucket_start, max(s.category) as category, sum(s.begun) as begun,
      greatest(sum(s.begun), sum(s.finished)) as jobs, sum(s.finished) as finished, sum(s.failed) as failed,
      (sum(s.failed) / greatest(sum(s.begun), sum(s.finished)))::float8 as f
    from (select * from ended union all select * from begun) s
    group by 1, 2, 3, 4, 5, 6
  )`;
var gains = (filter) => ["0.25::float8", "0.6::float8", "1.5::float8", "4", "19"].map(
  (odds) => `coalesce(sum(ln(1 + ${odds} * f)) filter (where ${filter}), 0)`
);

// src/store/score/checkpoints.ts
var LATE_SECONDS = 900;
var FORMAT = 1;
var digestOf = (state) => `md5('${FORMAT} ' || ${state})`;
var sumsBefore = (moment) => `
    select coalesce(sum(h.total_jobs), 0)::bigint as jobs, coalesce(sum(h.error_count), 0)::bigint as errors,
      (select coalesce(sum(o.jobs), 0) from rollout_opened_jobs o
       where o.feature_name = a.feature and o.epoch = a.epoch
         and o.bucket_start >= ${firstOf("$4")} and o.bucket_start < ${moment})::bigint as opened
    from rollout_evidence_hours h
    where h.feature_name = a.feature and h.epoch = a.epoch and h.arm in ('treatment', 'control')
      and h.hour_start >= ${firstOf("$4")} and h.hour_start < ${moment}
    offset 0`;
var BEGUN = `${ASKED}, begun as (
    select a.*, greatest(a.started, ${firstOf("$4")}) as first from asked a
  )`;
var IS_OF = `c.feature_name = a.feature and c.epoch = a.epoch and c.started_at = a.first and c.basis = a.basis`;
async function readCheckpoints(db, asked, days) {
  if (asked.length === 0) return /* @__PURE__ */ new Map();
  const { rows } = await db.query(
    `with ${BEGUN}, held as (
       select a.*, k.until, k.state
       from begun a
       left join lateral (
         select c.until, c.state
         from rollout_score_checkpoints c
         cross join lateral (${sumsBefore("c.until")}) b
         where ${IS_OF} and c.digest = ${digestOf("c.state")}
           and (c.jobs, c.errors, c.opened) = (b.jobs, b.errors, b.opened)
       ) k on true
     )
     select a.feature, a.epoch, a.basis, extract(epoch from n.next)::float8 as next,
       extract(epoch from a.first)::float8 as "startedAt", a.until, a.state,
       coalesce(s.jobs, 0) as jobs, coalesce(s.errors, 0) as errors, coalesce(s.opened, 0) as opened
     from held a
     cross join (select date_bin('${CHECKPOINT_SECONDS} seconds', now() - make_interval(secs => $6), 'epoch') as next) n
     -- Summed only where the next checkpoint is still to be made.
     left join lateral (${sumsBefore("n.next")}) s on a.until is distinct from n.next`,
    [...columnsOf4(asked, days), LATE_SECONDS]
  );
  return new Map(
    rows.map(({ state, ...row }) => [
      row.feature,
      { ...row, checkpoint: state === null ? null : () => JSON.parse(state) }
    ])
  );
}
function resumedFrom(asked, standing) {
  return asked.map((one) => ({ ...one, resumed_at: standing.get(one.feature)?.until ?? null }));
}
async function readResumed(db, asked, days) {
  const { rows } = await db.query(
    `with ${BEGUN} select a.feature, c.until from begun a join rollout_score_checkpoints c on ${IS_OF}`,
    columnsOf4(asked, days)
  );
  return resumedFrom(asked, new Map(rows.map((row) => [row.feature, row])));
}
async function keepCheckpoints(db, made) {
  if (made.length === 0) return;
  const column = (of) => made.map(({ standing }) => of(standing));
  await db.query(
    `insert into rollout_score_checkpoints
       (feature_name, epoch, started_at, until, basis, jobs, errors, opened, state, digest)
     select m.feature, m.epoch, to_timestamp(m.started), to_timestamp(m.until), m.basis, m.jobs, m.errors, m.opened, m.state,
       ${digestOf("m.state")}
     from unnest($1::text[], $2::integer[], $3::float8[], $4::float8[], $5::text[], $6::bigint[], $7::bigint[],
       $8::bigint[], $9::text[]) m(feature, epoch, started, until, basis, jobs, errors, opened, state)
     order by m.feature
     on conflict (feature_name) do update set epoch = excluded.epoch, started_at = excluded.started_at,
       until = excluded.until, basis = excluded.basis, jobs = excluded.jobs, errors = excluded.errors,
       opened = excluded.opened, state = excluded.state, digest = excluded.digest`,
    [
      column(({ feature }) => feature),
      column(({ epoch }) => epoch),
      column(({ startedAt }) => startedAt),
      made.map(({ checkpoint }) => checkpoint.until),
      ...[column(({ basis }) => basis), column(({ jobs }) => jobs), column(({ errors }) => errors)],
      column(({ opened: opened2 }) => opened2),
      made.map(({ checkpoint }) => JSON.stringify(checkpoint))
    ]
  );
}
async function forgetCheckpoints(db, features) {
  if (features.length === 0) return;
  await db.query("update rollout_score_checkpoints set epoch = 0 where feature_name = any ($1)", [features]);
}

// src/store/score/kept-windows.ts
var DAYS_BEFORE = 7;
var PASTS = `unknown as materialized (
    select a.* from asked a
    where not exists (select from rollout_pasts k where k.feature_name = a.feature and k.epoch = a.epoch)
  ), found as materialized (
    select u.feature, u.epoch, m.subject_id as subject, sum(m.total_jobs)::bigint as jobs, sum(m.error_count)::bigint as failed
    from (select min(started) - interval '${DAYS_BEFORE} days' as first, max(started) as last from unknown) t
    cross join lateral (
      select * from rollout_metrics r
      where r.metrics_window_start >= t.first and r.metrics_window_start < t.last and r.arm = 'control'
      offset 0
    ) m
    join unknown u on u.feature = m.feature_name and m.epoch < u.epoch and m.metrics_window_start < u.started
      and m.metrics_window_start >= u.started - interval '${DAYS_BEFORE} days'
    group by 1, 2, 3
  )`;
var FRESH = `${ASKED}, ${STALE}, ${SPANS2}, ${PASTS}, means as materialized (
    select a.feature, k.mean from asked a
    join rollout_pasts k on k.feature_name = a.feature and k.epoch = a.epoch where k.mean > 0
    union all
    select feature, (sum(failed) / sum(jobs))::float8 from found group by 1 having sum(failed) > 0
  ), compared as (
    select s.*, case when s.category = 'test' or s.subject = any(c.target_repositories)
          or s.subject = any(c.denied) or (c.denied <> '{}' and exists (
            select from repository_categories r
            where r.repository_id = s.subject and lower(r.full_name) = any(c.denied))) then 0
        when n.mean is null then 1
        else (coalesce(p.failed, q.failed, 0) + 9 * n.mean) / (coalesce(p.jobs, q.jobs, 0) + 9) / n.mean end as expected
    from spans s
    join rollout_configuration c on c.feature_name = s.feature
    left join means n on n.feature = s.feature
    -- By one key: of two the planner may merge by the first, and compare all subjects of a feature with each other.
    left join found p on (p.feature || chr(31) || p.subject) = (s.feature || chr(31) || s.subject)
    left join lateral (
      select k.jobs, k.failed from rollout_past_subjects k
      where n.mean is not null and k.feature_name = s.feature and k.epoch = s.epoch and k.subject_id = s.subject offset 0
    ) q on true
    where s.jobs > 0
  ), lines as (
    select feature, bucket_start, at, category, concat(extract(epoch from at - bucket_start)::integer, ',',
      count(*) filter (where arm = 'treatment'), ',', ${gains("f > 0 and arm = 'treatment'").join(", ',', ")}, ',',
      ${["begun", "jobs", "finished", "failed"].map((column) => `coalesce(sum(${column}) filter (where arm = 'treatment'), 0)`).join(", ',', ")}, ',',
      count(*) filter (where arm = 'treatment' and failed > 0), ',',
      coalesce(sum(finished) filter (where arm = 'control'), 0), ',',
      coalesce(sum(failed) filter (where arm = 'control'), 0), ',',
      ${["treatment", "control"].map(
  (arm) => `coalesce(sum(expected) filter (where arm = '${arm}'), 0), ',',
      coalesce(sum(f) filter (where arm = '${arm}' and expected > 0), 0), ',',
      coalesce(sum(finished) filter (where arm = '${arm}' and expected > 0), 0), ',',
      coalesce(sum(failed) filter (where arm = '${arm}' and expected > 0), 0), ',',
      count(*) filter (where arm = '${arm}' and expected > 0 and failed > 0)`
).join(", ',', ")}, ',', translate(category, E'\\n', ' ')) as line
    from compared group by feature, bucket_start, at, category
  ), fresh as (
    select feature, bucket_start, string_agg(line, E'\\n' order by at, category collate "C") as lines
    from lines group by 1, 2
  )`;
async function readLines(db, asked, days) {
  const { rows } = await db.query(
    `with ${FRESH}
     select feature, string_agg(concat('#', extract(epoch from bucket_start)::bigint, E'\\n', lines), E'\\n'
       order by bucket_start) as lines
     from (
       select feature, bucket_start, lines from fresh
       union all
       select p.feature, p.bucket_start, k.lines from compared_with_kept p
       join rollout_score_windows k on k.feature_name = p.feature and k.epoch = p.epoch and k.bucket_start = p.bucket_start
       where p.is_kept and k.lines <> ''
     ) quarters
     group by feature`,
    columnsOf4(asked, days)
  );
  return new Map(rows.map(({ feature, lines }) => [feature, lines]));
}
async function keepWindows(db, epochs, days) {
  if (epochs.length === 0) return;
  const asked = await readResumed(db, epochs, days);
  await db.query(
    `with ${ASKED}, ${PASTS}, subjects as (
       insert into rollout_past_subjects (feature_name, epoch, subject_id, jobs, failed)
       select f.feature, f.epoch, f.subject, f.jobs, f.failed from found f
       where exists (select from found n where n.feature = f.feature and n.failed > 0)
       on conflict do nothing
     )
     insert into rollout_pasts (feature_name, epoch, mean)
     select u.feature, u.epoch, coalesce((select (sum(f.failed) / sum(f.jobs))::float8 from found f where f.feature = u.feature), 0)
     from unknown u
     on conflict do nothing`,
    columnsOf4(asked, days)
  );
  await db.query(
    `with ${FRESH}
     insert into rollout_score_windows as k
       (feature_name, epoch, bucket_start, basis, jobs, errors, control_jobs, control_errors, opened, lines)
     select s.feature, s.epoch, s.bucket_start, s.basis, s.jobs, s.errors, s.control_jobs, s.control_errors, s.opened,
       coalesce(f.lines, '')
     from stale s left join fresh f on f.feature = s.feature and f.bucket_start = s.bucket_start
     order by s.feature, s.epoch, s.bucket_start
     on conflict (feature_name, epoch, bucket_start) do update set basis = excluded.basis, jobs = excluded.jobs,
       errors = excluded.errors, control_jobs = excluded.control_jobs, control_errors = excluded.control_errors,
       opened = excluded.opened, lines = excluded.lines`,
    columnsOf4(asked, days)
  );
}

// src/store/score/lone-subjects.ts
async function readLoneSubjects(db, asked) {
  const { rows } = await db.query(
    `select a.feature, l.subject_id as subject, l.jobs::float8 as jobs, l.failed::float8 as failed,
       l.failed_windows as "failedWindows", l.score, extract(epoch from l.since)::float8 as since,
       l.everybody::float8 as everybody
     from unnest($1::text[], $2::integer[]) a(feature, epoch)
     cross join lateral rollout_lone_subjects(a.feature, a.epoch, now()) l
     order by l.failed desc, l.subject_id`,
    [asked.map(({ feature }) => feature), asked.map(({ epoch }) => epoch)]
  );
  const found = /* @__PURE__ */ new Map();
  for (const { feature, ...lone } of rows) {
    const own = found.get(feature);
    if (own) own.push(lone);
    else found.set(feature, [lone]);
  }
  return found;
}

// src/store/score/windows.ts
var SCORE_DAYS = 7;
async function slicesOf(db, asked) {
  const read2 = await readWindows(db, asked, SCORE_DAYS);
  return new Map([...read2].map(([feature, windows]) => [feature, () => evidenceOf(windows())]));
}
async function readResumedWindows(db, asked) {
  const standing = await readCheckpoints(db, asked, SCORE_DAYS);
  const read2 = await readWindows(db, resumedFrom(asked, standing), SCORE_DAYS);
  return new Map(
    [...standing].flatMap(([feature, one]) => {
      const windows = read2.get(feature);
      if (!windows) return [];
      const { checkpoint } = one;
      return [
        [feature, { windows: () => ({ ...windows(), checkpoint: checkpoint?.() ?? null }), standing: one }]
      ];
    })
  );
}
async function readWindows(db, asked, days = DAYS_READ) {
  if (asked.length === 0) return /* @__PURE__ */ new Map();
  const lines = await readLines(db, asked, days);
  const times = await readDurations(db, asked);
  const { rows } = await db.query(
    `select a.feature, extract(epoch from now())::float8 as now,
       extract(epoch from greatest(a.started, ${firstOf("$3")}))::float8 as started,
       case when c.rollout_strategy = 'percentage' and c.categories is null and c.rollout_percentage < 100
         then (c.rollout_percentage / (100 - c.rollout_percentage))::float8 end as starts,
       not exists (select from rollout_evidence_hours h where h.feature_name = a.feature and h.timed_jobs > 0) as timeless
     from unnest($1::text[], $2::timestamptz[]) a(feature, started)
     left join rollout_configuration c on c.feature_name = a.feature`,
    [asked.map(({ feature }) => feature), asked.map((one) => one.epoch_started_at), days]
  );
  return new Map(
    rows.map(({ feature, started, now, starts, timeless }) => [
      feature,
      () => ({
        startedAt: started,
        now,
        windows: windowsOfLines(lines.get(feature) ?? ""),
        durations: times.get(feature) ?? { timed: 0, meanSeconds: 0 },
        startsPerControl: starts,
        timeless
      })
    ])
  );
}
async function readDurations(db, asked) {
  const { rows } = await db.query(
    `with sums as (
       select a.feature, h.processor_type, h.epoch = a.epoch and h.arm = 'treatment' as own, sum(h.processing_ms) as ms,
         least(sum(h.timed_jobs), sum(h.total_jobs - h.error_count))::float8 as timed
       from unnest($1::text[], $2::integer[]) a(feature, epoch)
       join rollout_evidence_hours h on h.feature_name = a.feature and h.epoch <= a.epoch
       where h.hour_start >= now() - make_interval(hours => 24 * $3)
       group by 1, 2, 3
     ), chosen as (
       select feature, processor_type,
         case when sum(timed) filter (where not own) >= 30 then sum(timed) filter (where not own) else sum(timed) end as timed,
         case when sum(timed) filter (where not own) >= 30 then sum(ms) filter (where not own) else sum(ms) end as ms
       from sums group by 1, 2
     )
     select distinct on (feature) feature, timed, ms / timed / 1000 as seconds
     from chosen where timed >= 5 order by feature, ms / timed desc`,
    [asked.map(({ feature }) => feature), asked.map(({ epoch }) => epoch), DAYS_READ]
  );
  return new Map(rows.map(({ feature, timed, seconds }) => [feature, { timed, meanSeconds: seconds }]));
}

// src/store/score/worst-subjects.ts
async function readWorstSubjects(db, run) {
  const { rows } = await db.query(
    `with ${ASKED}, ${ALL_STALE}, ${SPANS2}, treated as (
       select * from spans where arm = 'treatment' and jobs > 0 and ($6::text is null or category = $6)
     ), ranked as (
       select subject, sum(finished)::float8 as jobs, sum(failed)::float8 as failed,
         count(*) filter (where f > 0) as spans_failed,
         row_number() over (order by sum(ln(1 + 4 * f)) desc, sum(failed) desc, subject) as place, count(*) over () as total
       from treated where at >= to_timestamp($7) - interval '15 minutes' group by subject
     ), worst as (
       select * from ranked where place <= case when total < 50 then 1 else ceil(total * 0.02) end and spans_failed >= 3
     ), windows as (
       select at, count(*) as spans, array[${gains("f > 0").join(", ")}] as gain
       from treated where subject in (select subject from worst) group by at
     )
     select coalesce((select max(r.total) from ranked r), 0)::float8 as subjects,
       (select jsonb_agg(jsonb_build_object('subject', subject, 'jobs', jobs, 'failed', failed) order by place) from worst) as worst,
       (select jsonb_agg(jsonb_build_object('at', extract(epoch from at)::bigint, 'spans', spans, 'gain', gain) order by at)
        from windows) as windows`,
    [...columnsOf4([run], SCORE_DAYS), run.category, run.since]
  );
  const found = rows[0];
  return {
    subjects: found?.subjects ?? 0,
    worst: found?.worst ?? [],
    windows: (found?.windows ?? []).map(({ at, spans, gain }) => ({ startedAt: at, spans, gain }))
  };
}

// src/store/groups/health.ts
var healthReader = (db) => ({
  evidence: readEvidence.bind(null, db),
  evidenceOf: readEvidenceOf.bind(null, db),
  slicesOf: slicesOf.bind(null, db),
  windowsOf: readWindows.bind(null, db),
  resumedWindows: readResumedWindows.bind(null, db),
  worstSubjects: readWorstSubjects.bind(null, db),
  loneSubjects: readLoneSubjects.bind(null, db),
  wrongArms: readWrongArms.bind(null, db),
  silentHosts: readSilentHosts.bind(null, db),
  breakers: (feature) => readBreakers(db, feature),
  evidenceEpochs: (feature) => readEvidenceEpochs(db, feature),
  stepJobs: countStepJobs.bind(null, db),
  stepJobsOf: countStepJobsOf.bind(null, db),
  speed: readSpeed.bind(null, db),
  speedOf: readSpeedOf.bind(null, db),
  spentOf: readSpent.bind(null, db),
  soak: readSoak.bind(null, db),
  soaks: readSoaks.bind(null, db),
  spread: readSpread.bind(null, db),
  spreads: readSpreads.bind(null, db),
  hearings: readHearings.bind(null, db),
  latestChecks: readLatestChecks.bind(null, db),
  lastVerdicts: (feature) => readLastVerdicts(db, feature),
  proposedFeatures: () => proposedFeatures(db),
  exposures: (feature) => readExposures(db, feature),
  scoreSeries: (feature) => readScoreSeries(db, feature),
  turns: (feature) => readTurns(db, feature)
});
var healthWriter = (pool, single) => ({
  recordVerdict: (actor, verdict) => recordVerdict(pool, actor, verdict),
  noteAction: (feature, action) => noteAction(single, feature, action),
  keepWindows: (asked) => keepWindows(single, asked, SCORE_DAYS),
  keepCheckpoints: keepCheckpoints.bind(null, single),
  forgetCheckpoints: forgetCheckpoints.bind(null, single),
  tripFuse: () => tripFuse(single)
});

// src/store/configuration/history.ts
var COLUMNS = `id::float8, feature_name as feature, action, previous_percentage::float8, new_percentage::float8,
  reason, triggered_by, session_role, verified_by, revision, epoch, metadata, created_at, encode(digest, 'hex') as digest`;
async function readHistory(db, query = {}) {
  const { rows } = await db.query(
    `select ${COLUMNS} from rollout_history
     where ($1::text is null or feature_name = $1) and ($2::text is null or action = $2)
       and ($3::bigint is null or id < $3)
     order by id desc limit $4`,
    [query.feature ?? null, query.action ?? null, query.before ?? null, query.limit ?? 50]
  );
  return rows;
}
async function readLatestHistory(db, limit, feature) {
  const { rows } = await db.query(
    `select n.* from rollout_configuration c
     cross join lateral (
       select ${COLUMNS} from rollout_history h where h.feature_name = c.feature_name order by h.id desc limit $1
     ) n
     where $2::text is null or c.feature_name = $2`,
    [limit, feature ?? null]
  );
  return byKey(rows, (row) => row.feature);
}
async function readHistoryOnward(db, query) {
  const { rows } = await db.query(
    `select ${COLUMNS} from rollout_history
     where id > $1 and ($2::timestamptz is null or created_at >= $2)
       and ($3::text is null or feature_name = $3) and ($4::text is null or action = $4)
     order by id limit $5`,
    [query.after, query.since, query.feature ?? null, query.action ?? null, query.limit]
  );
  return rows;
}
async function historyAt(db, feature, at) {
  const { rows } = await db.query(
    `select ${COLUMNS} from rollout_history
     where feature_name = $1 and created_at <= $2 and metadata ? 'spec' order by id desc limit 1`,
    [feature, at]
  );
  return rows[0] ?? null;
}
async function historyHead(db) {
  const { rows } = await db.query(
    `select encode(digest, 'hex') as digest from rollout_history order by id desc limit 1`
  );
  return rows[0]?.digest ?? "";
}
async function verifyHistory(db, expect) {
  const { rows } = await db.query(
    `select v.valid, v.entries::float8, v.first_bad::float8, v.problem,
       (select encode(digest, 'hex') from rollout_history order by id desc limit 1) as head
     from rollout_verify_history($1) v`,
    [expect ?? null]
  );
  return rows[0] ?? { valid: true, entries: 0, first_bad: null, problem: null, head: null };
}

// src/store/configuration/notes.ts
async function appendNote(pool, note) {
  await transaction(
    pool,
    { actor: note.actor },
    (client) => client.query(`select rollout_add_history($1, 'note', $2, $3, $4)`, [
      note.feature,
      note.text,
      JSON.stringify(note.metadata),
      note.actor
    ])
  );
}

// src/store/incidents/incident-evidence.ts
function evidenceOf2(json) {
  const scores = recordOf(json?.scores);
  const window = recordOf(json?.window);
  if (!json || !scores || !window || typeof json.scope !== "string") return null;
  return {
    scope: json.scope,
    jobs: numberOf(json.jobs),
    errors: numberOf(json.errors),
    since: typeof window.since === "number" ? atMinute(window.since) : null,
    scores: {
      absolute: numberOf(scores.absolute),
      relative: numberOf(scores.relative),
      warning: numberOf(scores.warning),
      critical: numberOf(scores.critical)
    },
    window: {
      jobs: numberOf(window.jobs),
      errors: numberOf(window.errors),
      control_jobs: numberOf(window.controlJobs),
      control_errors: numberOf(window.controlErrors)
    }
  };
}
function recordOf(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
}
function numberOf(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

// src/store/incidents/write-backs.ts
var WRITE_BACK = `case when state = 'superseded' and write_back in ('pending', 'proposed') then 'handed_on'
  else write_back end as write_back`;
async function pendingWriteBacks(db) {
  const { rows } = await db.query(
    `select i.id::text as incident, i.feature_name as feature, i.kind, coalesce(i.held ->> 'subject', c.subject_type) as subject, i.severity,
       i.reason, i.opened_at, i.held - 'subject' as held,
       i.before, sealed.resolved, coalesce(i.evidence ->> 'via', c.spec #>> '{rollback,via}', 'commit') as via, i.write_back as state,
       i.write_back_pull_request as pull_request, i.write_back_attempts as attempts
     from rollout_incidents i join rollout_configuration c using (feature_name), rollout_sealed(c) sealed
     where i.state = 'open' and i.write_back in ('pending', 'proposed', 'done')
       -- Nobody writes back what a person is just raising again.
       and coalesce((i.permit ->> 'expires_at')::timestamptz <= now(), true)
     order by i.id`
  );
  return rows.map((row) => ({ ...row, held: resolveSince(row.held, row.resolved) }));
}
async function markWriteBack(db, incident, outcome) {
  await db.query(
    `update rollout_incidents set write_back = $2, write_back_commit = coalesce($3, write_back_commit),
       write_back_pull_request = coalesce($4, write_back_pull_request), write_back_error = left($5, 500),
       write_back_attempts = write_back_attempts + 1, write_back_url = $6
     where id = $1`,
    [incident, outcome.state, outcome.commit, outcome.pull_request, outcome.error, outcome.url ?? null]
  );
}

// src/store/health/report.ts
async function readProcessorSums(db, weeks, feature) {
  const times = await readWeekTimes(db, feature);
  const { rows } = await db.query(
    `select feature_name as feature, processor_type as processor, arm,
       floor(extract(epoch from now() - hour_start) / 604800)::float8 as week,
       sum(total_jobs)::float8 as jobs, sum(error_count)::float8 as errors,
       sum(timed_jobs)::float8 as timed_jobs, sum(processing_ms) as processing_ms
     from rollout_evidence_hours
     where hour_start > now() - make_interval(weeks => $1) and hour_start <= now()
       and ($2::text is null or feature_name = $2)
     group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    [weeks, feature ?? null]
  );
  return rows.map((row) => {
    const counted = times.get(weekPlace(row));
    return counted ? { ...row, times: counted } : row;
  });
}
function weekPlace({ feature, processor, arm, week }) {
  return JSON.stringify([feature, processor, arm, week]);
}
async function readWeekTimes(db, feature) {
  const { rows } = await db.query(
    `select s.feature, s.processor, s.arm, s.week, array_agg(s.place) as places, array_agg(s.jobs) as counts
     from (
       select t.feature_name as feature, t.processor_type as processor, t.arm,
         floor(extract(epoch from now() - t.hour_start) / 604800)::float8 as week, u.place, sum(u.jobs)::float8 as jobs
       from rollout_evidence_times t cross join lateral unnest(t.places, t.counts) u(place, jobs)
       where t.hour_start > now() - interval '2 weeks' and t.hour_start <= now()
         and ($1::text is null or t.feature_name = $1)
       group by 1, 2, 3, 4, 5
     ) s group by 1, 2, 3, 4`,
    [feature ?? null]
  );
  return new Map(
    rows.map((row) => {
      return [weekPlace(row), countersOf(row.places.map((place, i) => [place, row.counts[i] ?? 0]))];
    })
  );
}
async function countHistory(db, feature) {
  const { rows } = await db.query(
    `select feature_name as feature, count(*)::float8 as rows from rollout_history
     where feature_name is not null and ($1::text is null or feature_name = $1) group by 1`,
    [feature ?? null]
  );
  return new Map(rows.map((row) => [row.feature, row.rows]));
}
async function readIncidentDetails(db, limit, feature) {
  const { rows } = await db.query(
    `select id::text, feature_name as feature, kind, state, severity, reason, opened_at, opened_by, settled_at,
       settled_by, resumed_at, resumed_by, superseded_by::text, coalesce((held ->> 'percentage')::float8, 0) as held_percentage,
       (before ->> 'percentage')::float8 as before_percentage, ${WRITE_BACK}, write_back_commit,
       write_back_pull_request, write_back_error, issue_number as issue, evidence, permit
     from (select *, row_number() over (partition by feature_name order by (state = 'open') desc, rollout_incidents.id desc) as place
       from rollout_incidents where $2::text is null or feature_name = $2) i
     where place <= $1 order by feature_name, place`,
    [limit, feature ?? null]
  );
  return rows.map((row) => ({ ...row, evidence: evidenceOf2(row.evidence), permit: permitOf(row.permit) }));
}
function permitOf(json) {
  const ceiling = recordOf(json?.ceiling);
  if (!json || !ceiling) return null;
  return {
    ceiling: numberOf(ceiling.percentage),
    granted_by: String(json.granted_by ?? ""),
    reason: String(json.reason ?? ""),
    expires_at: new Date(String(json.expires_at))
  };
}

// src/store/groups/history.ts
var historyReader = (db) => ({
  list: readHistory.bind(null, db),
  latest: (limit, feature) => readLatestHistory(db, limit, feature),
  onward: readHistoryOnward.bind(null, db),
  at: historyAt.bind(null, db),
  head: () => historyHead(db),
  verify: verifyHistory.bind(null, db),
  counts: (feature) => countHistory(db, feature)
});
var historyWriter = (pool) => ({
  note: appendNote.bind(null, pool)
});

// src/store/incidents/deployments.ts
async function undeployed(db, limit) {
  const { rows } = await db.query(
    `select c.feature_name as feature, coalesce(c.audience ->> 'strategy', c.rollout_strategy) as strategy, c.rollout_percentage::float8 as percentage,
       c.is_active as active, c.emergency_stop, h.id::text as history, encode(h.digest, 'hex') as digest,
       coalesce(h.reason, '') as reason, h.revision, h.previous_percentage::float8 as previous_percentage
     from rollout_state s
     join rollout_configuration c on c.history_id > coalesce((s.deployments ->> c.feature_name)::bigint, 0)
     cross join lateral (
       select * from rollout_history h
       where h.feature_name = c.feature_name and (h.action = 'created' or h.metadata ? 'before')
       order by h.id desc limit 1
     ) h
     where h.id > coalesce((s.deployments ->> c.feature_name)::bigint, 0)
     order by h.id limit $1`,
    [limit]
  );
  return rows;
}
async function markDeployed(db, feature, history) {
  await db.query(
    `update rollout_state set deployments = deployments || jsonb_build_object($1::text, $2::text::bigint)`,
    [feature, history]
  );
}

// src/store/incidents/global-stop.ts
function liftGlobalStop(pool, actor, reason) {
  return transaction(pool, { actor }, async (client) => {
    const { rows } = await client.query(
      `select rollout_lift_global_stop($1, $2) as lifted`,
      [reason, actor]
    );
    return rows[0]?.lifted ?? false;
  });
}

// src/store/incidents/incidents.ts
async function listIncidents(db, query = {}) {
  const { rows } = await db.query(
    `select id::text, feature_name as feature, kind, state, severity, reason, opened_at, opened_by, settled_at,
       settled_by, resumed_at, resumed_by, superseded_by::text, (held ->> 'percentage')::float8 as held_percentage,
       (before ->> 'percentage')::float8 as before_percentage, ${WRITE_BACK}, write_back_commit,
       write_back_pull_request, write_back_error
     from rollout_incidents
     where ($1::text is null or feature_name = $1) and ($2::text is null or state = $2)
     order by rollout_incidents.id desc limit $3`,
    [query.feature ?? null, query.state ?? null, query.limit ?? 50]
  );
  return rows;
}
var STOP_LIMITS = { lockSeconds: 0, statementSeconds: 0 };
function stop(pool, request, onWait) {
  return transaction(
    pool,
    { actor: request.actor },
    async (client) => {
      const told = ({ message }) => onWait(message ?? "");
      client.on("notice", told);
      try {
        return await emergencyStop(client, request.feature, request.reason);
      } finally {
        client.off("notice", told);
      }
    },
    STOP_LIMITS
  );
}
async function emergencyStop(db, feature, reason) {
  const { rows } = await db.query(
    `select feature_name, result from rollout_emergency_stop($1, $2)`,
    [feature, reason]
  );
  const named2 = (result) => rows.filter((row) => row.result === result).map((row) => row.feature_name);
  return { stopped: named2("stopped"), already_off: named2("already_stopped") };
}

// src/store/incidents/issues.ts
async function incidentsToTell(db) {
  const { rows } = await db.query(
    `select id::text as incident, feature_name as feature, kind, state, severity, reason, held - 'subject' as held, before, opened_at,
       opened_by, settled_by, resumed_by, superseded_by::text, ${WRITE_BACK}, write_back_commit,
       write_back_pull_request, write_back_error, write_back_url,
       case when (permit ->> 'expires_at')::timestamptz > now() then (permit ->> 'expires_at')::timestamptz end
         as permit_until,
       -- An inherited number is that of the incident before it.
       case when issue_digest is not null then issue_number end as issue_number, issue_state, issue_digest, issue_closed,
       (select c.spec ->> 'owner' from rollout_configuration c where c.feature_name = rollout_incidents.feature_name) as owner
     from rollout_incidents
     where state = 'open'
       or (not issue_closed and (issue_digest is not null or opened_at > now() - interval '1 day'))
     order by rollout_incidents.id`
  );
  return rows;
}
async function markIssue(db, incident, { number, state, digest, closed }) {
  await db.query(
    `update rollout_incidents set issue_number = $2, issue_state = $3, issue_digest = $4, issue_closed = $5
     where id = $1`,
    [incident, number, state, digest, closed]
  );
}

// src/store/incidents/merged.ts
var NEWS_DAYS = 14;
var MOST = 200;
async function incidentsOfMerged(db) {
  const { rows } = await db.query(
    `select i.id::text as incident, h.pull_request, i.feature_name as feature, i.kind, i.state, i.reason, i.opened_at,
       i.resumed_by, i.superseded_by::text, i.evidence, i.merged_digest
     from (select * from rollout_incidents where opened_at > now() - make_interval(days => $1)
       order by rollout_incidents.id desc limit $2) i
     cross join lateral (
       select (h.metadata ->> 'pull_request')::integer as pull_request from rollout_history h
       where h.feature_name = i.feature_name and h.created_at <= i.opened_at
         and h.metadata ->> 'pull_request' ~ '^[0-9]{1,9}$'
       order by h.id desc limit 1
     ) h
     order by i.id`,
    [NEWS_DAYS, MOST]
  );
  return rows.map(({ evidence, ...row }) => {
    const found = evidenceOf2(evidence);
    return { ...row, evidence: found && { scope: found.scope, ...found.window } };
  });
}
async function markMerged(db, incidents, digest) {
  await db.query("update rollout_incidents set merged_digest = $2 where id = any($1::bigint[])", [
    incidents,
    digest
  ]);
}
async function plansSeen(db) {
  const { rows } = await db.query("select plans_seen from rollout_state");
  return rows[0]?.plans_seen ?? null;
}
async function notePlansSeen(db, digest) {
  await db.query("update rollout_state set plans_seen = $1 where plans_seen is distinct from $1", [digest]);
}

// src/store/incidents/permits.ts
var DAYS_VALID = 7;
function grantPermit(pool, request) {
  const { incident, ceiling, actor, reason } = request;
  return transaction(pool, { actor }, async (client) => {
    await client.query(`select from rollout_state for update`);
    const { rows } = await client.query(
      `update rollout_incidents set permit = jsonb_build_object('ceiling', $2::jsonb, 'granted_by', $3::text,
         'reason', $4::text, 'expires_at', now() + make_interval(hours => 24 * $5))
       where id = $1 and state in ('open', 'settled')
       returning feature_name, now() + make_interval(hours => 24 * $5) as expires_at`,
      [incident, JSON.stringify(ceiling), actor, reason, DAYS_VALID]
    );
    const granted = rows[0];
    if (!granted) return null;
    const metadata = { incident, permit: { ceiling, expires_at: granted.expires_at } };
    await client.query(`select rollout_add_history($1, 'note', $2, $3, $4)`, [
      granted.feature_name,
      `may be raised again up to ${ceilingWord(ceiling)}: ${reason}`,
      JSON.stringify(metadata),
      actor
    ]);
    return granted.expires_at;
  });
}
function ceilingWord({ active, strategy, percentage }) {
  if (!active) return "what it was, which is off";
  return strategy === "whitelist" ? "its whitelist" : `${percentage}%`;
}

// src/store/incidents/quarantine.ts
async function quarantine(pool, request) {
  const { feature, epoch, subjects, most, reason, actor } = request;
  return transaction(
    pool,
    { actor },
    async (client) => {
      const { rows } = await client.query(
        `select rollout_quarantine_subjects($1, $2, $3, $4, $5, $6, $7, $8) as taken`,
        [
          ...[feature, epoch, subjects.map(({ subject }) => subject), subjects.map(({ jobs }) => jobs)],
          ...[subjects.map(({ failed }) => failed), most, reason, actor]
        ]
      );
      const ids = new Set(rows[0]?.taken ?? []);
      if (ids.size === 0) return [];
      const taken = (await readQuarantined(client, feature)).filter(({ subject }) => ids.has(subject));
      await enqueue(client, request.notify(taken));
      return taken;
    },
    PATIENT_LIMITS
  );
}
async function release(pool, {
  feature,
  subjects,
  reason,
  actor
}) {
  return transaction(
    pool,
    { actor },
    async (client) => {
      const { rows } = await client.query(
        `select rollout_release_subjects($1, $2, $3, $4) as released`,
        [feature, subjects, reason, actor]
      );
      return rows[0]?.released ?? [];
    },
    PATIENT_LIMITS
  );
}
async function readQuarantined(db, feature) {
  const { rows } = await db.query(
    `select q.feature_name as feature, q.subject_id as subject, s.name, q.reason, q.jobs::float8 as jobs,
       q.failed::float8 as failed, q.began_at, q.began_by, q.write_back, q.write_back_pull_request, q.write_back_error
     from rollout_quarantine q
     join rollout_configuration c on c.feature_name = q.feature_name
     left join rollout_subjects s on s.subject_type = c.subject_type and s.subject_id = q.subject_id
     where q.ended_at is null and ($1::text is null or q.feature_name = $1)
     order by q.feature_name, q.id`,
    [feature ?? null]
  );
  return rows;
}
async function readQuarantinedIds(db) {
  const { rows } = await db.query(
    `select feature_name as feature, array_agg(subject_id order by subject_id) as ids from rollout_quarantine
     where ended_at is null group by feature_name`
  );
  return new Map(rows.map(({ feature, ids }) => [feature, ids]));
}
async function pendingQuarantines(db) {
  const { rows } = await db.query(
    `select q.feature_name as feature, jsonb_agg(jsonb_build_object('id', q.id::text, 'subject', q.subject_id, 'name', s.name,
         'reason', q.reason) order by q.id) as subjects,
       sealed.resolved, coalesce(c.spec #>> '{rollback,via}', 'commit') as via
     from rollout_quarantine q
     join rollout_configuration c on c.feature_name = q.feature_name
     cross join rollout_sealed(c) sealed
     left join rollout_subjects s on s.subject_type = c.subject_type and s.subject_id = q.subject_id
     where q.ended_at is null and q.write_back in ('pending', 'proposed')
     group by q.feature_name, sealed.resolved, c.spec #>> '{rollback,via}' order by q.feature_name`
  );
  return rows;
}
async function markQuarantines(db, ids, outcome) {
  await db.query(
    `update rollout_quarantine set write_back = $2, write_back_commit = coalesce($3, write_back_commit),
       write_back_pull_request = coalesce($4, write_back_pull_request), write_back_error = left($5, 500),
       write_back_attempts = write_back_attempts + 1, write_back_url = $6
     where id = any ($1::bigint[]) and ended_at is null`,
    [ids, outcome.state, outcome.commit, outcome.pull_request, outcome.error, outcome.url ?? null]
  );
}

// src/store/incidents/recent-rollbacks.ts
async function recentRollbacks(db, seconds) {
  const { rows } = await db.query(
    `select i.feature_name as feature, extract(epoch from max(i.opened_at))::float8 as at,
       extract(epoch from clock_timestamp())::float8 as now
     from (select) always
     left join rollout_incidents i on i.kind = 'rollback' and i.opened_at > now() - make_interval(secs => $1)
       and not i.evidence ? 'by_hand'
     group by i.feature_name`,
    [seconds]
  );
  const at = /* @__PURE__ */ new Map();
  for (const row of rows) if (row.feature !== null && row.at !== null) at.set(row.feature, row.at);
  return { at, now: rows[0]?.now ?? 0 };
}

// src/store/incidents/roll-back.ts
async function rollBack(pool, request) {
  const claim2 = { actor: request.actor, action: "rollback", reason: request.reason };
  const result = await transaction(
    pool,
    { ...claim2, metadata: { evidence: request.evidence } },
    (client) => rollBackOnce(client, request),
    PATIENT_LIMITS
  );
  if (!result.done) return result;
  const { rows } = await singly(pool).query(
    `select coalesce(sum(eligible), 0)::float8 as eligible from rollout_count_eligible($1)`,
    [request.feature]
  );
  return { ...result, eligibleAfter: rows[0]?.eligible ?? 0 };
}
async function rollBackOnce(client, request) {
  const { rows } = await client.query(
    `with locked as (select from rollout_state for update)
     select c.epoch from rollout_configuration c, locked where c.feature_name = $1 and c.archived_at is null
     for update of c`,
    [request.feature]
  );
  const actual = (await readFeatures(client, request.feature)).get(request.feature);
  if (!actual || rows.length === 0) return { done: false, because: { code: "unknown_feature" } };
  if (request.epoch !== null && rows[0]?.epoch !== request.epoch) {
    return { done: false, because: { code: "changed_meanwhile" } };
  }
  const before = actual.columns;
  const held = heldState(before, request.to);
  if (isOff(before)) return { done: false, because: { code: "off" } };
  if (!strictlyLess(held, before)) {
    return { done: false, because: { code: "not_above", percentage: before.percentage, to: request.to } };
  }
  const decided = { ...before, percentage: Math.min(before.percentage, actual.spec?.percentage ?? 100) };
  const incident = await open(client, request, held, decided);
  await client.query(
    `update rollout_configuration set is_active = $2, rollout_percentage = $3, epoch = epoch + 1,
       epoch_started_at = clock_timestamp(), step_started_at = clock_timestamp(), updated_at = clock_timestamp()
     where feature_name = $1`,
    [request.feature, held.active, held.percentage]
  );
  await enqueue(client, {
    key: `incident:${incident}:opened`,
    feature: request.feature,
    severity: request.severity,
    kind: "rolled_back",
    message: `${request.feature} was rolled back from ${before.percentage}%: ${request.reason}`,
    details: { incident, from: before.percentage, to: held.active ? held.percentage : 0 }
  });
  return { done: true, incident, from: before.percentage, eligibleAfter: 0 };
}
function heldState(before, to) {
  return to === null ? { ...before, active: false, percentage: 0 } : { ...before, percentage: to };
}
async function open(client, request, held, before) {
  const { rows } = await client.query(
    `select rollout_open_incident($1, 'rollback', $2, $3, $4, $5, $6, $7)::text as id`,
    [
      request.feature,
      request.severity,
      request.reason,
      JSON.stringify(held),
      JSON.stringify(before),
      JSON.stringify(request.evidence),
      request.actor
    ]
  );
  return rows[0]?.id ?? "";
}

// src/store/groups/incidents.ts
var incidentReader = (db) => ({
  current: () => readCurrentIncidents(db),
  list: listIncidents.bind(null, db),
  details: (limit, feature) => readIncidentDetails(db, limit, feature),
  pendingWriteBacks: () => pendingWriteBacks(db),
  toTell: () => incidentsToTell(db),
  recentRollbacks: (seconds) => recentRollbacks(db, seconds),
  ofMerged: () => incidentsOfMerged(db),
  plansSeen: () => plansSeen(db),
  quarantined: readQuarantined.bind(null, db),
  quarantinedIds: () => readQuarantinedIds(db),
  pendingQuarantines: () => pendingQuarantines(db),
  undeployed: (limit) => undeployed(db, limit)
});
var incidentWriter = (pool, single) => ({
  /** `onWait` is called each second with the holder of the lock that the stop waits for. */
  stop: (feature, reason, actor, onWait = () => {
  }) => stop(pool, { feature, reason, actor }, onWait),
  liftGlobalStop: (actor, reason) => liftGlobalStop(pool, actor, reason),
  rollBack: rollBack.bind(null, pool),
  quarantine: quarantine.bind(null, pool),
  release: release.bind(null, pool),
  markQuarantines: markQuarantines.bind(null, single),
  grantPermit: grantPermit.bind(null, pool),
  announce: () => announceIncidents(single),
  markWriteBack: (incident, outcome) => markWriteBack(single, incident, outcome),
  markIssue: markIssue.bind(null, single),
  markDeployed: markDeployed.bind(null, single),
  markMerged: markMerged.bind(null, single),
  notePlansSeen: (digest) => notePlansSeen(single, digest)
});

// src/store/health/lease.ts
async function takeLease(db, holder, seconds) {
  const { rows } = await db.query(`select rollout_take_lease($1, $2) as taken`, [
    holder,
    seconds
  ]);
  return rows[0]?.taken === true;
}
async function releaseLease(db, holder) {
  await db.query(
    `update rollout_state set tick_holder = null, tick_expires_at = null where tick_holder = $1`,
    [holder]
  );
}
async function holdLease(db, holder, seconds, renewAfterMs = seconds * 1e3 / 3) {
  if (!await takeLease(db, holder, seconds)) return null;
  let lost = false;
  const renew = async () => {
    const ours = await takeLease(db, holder, seconds).catch(() => true);
    lost ||= !ours;
  };
  let renewal = Promise.resolve();
  const timer = setInterval(() => {
    renewal = renewal.then(renew);
  }, renewAfterMs);
  timer.unref();
  return {
    keep() {
      if (lost) throw new RolloutError("lease_lost", LOST, { hint: "see what it does: rollout status" });
    },
    async release() {
      clearInterval(timer);
      await renewal;
      await releaseLease(db, holder);
    }
  };
}
var LOST = "this tick was silent for so long that another one took over; it acts no more";
async function leaveHeartbeat(db) {
  const { rows } = await db.query(
    `update rollout_state set heartbeat_at = clock_timestamp() returning heartbeat_at as at`
  );
  return rows[0]?.at ?? /* @__PURE__ */ new Date(0);
}

// src/store/groups/lease.ts
var leaseOf = (single) => ({
  take: (holder, seconds) => takeLease(single, holder, seconds),
  hold: (holder, seconds, renewAfterMs) => holdLease(single, holder, seconds, renewAfterMs),
  release: (holder) => releaseLease(single, holder),
  leaveHeartbeat: () => leaveHeartbeat(single)
});

// src/store/incidents/percentages.ts
var NOT_INCIDENTS = [
  ...["created", "updated", "advanced", "resumed", "drift_repaired", "drift_adopted"]
];
var MOST_AT_ONCE = 200;
async function percentagesSince(db) {
  const { rows } = await db.query(
    `select h.id::text, h.feature_name as feature, coalesce(h.previous_percentage, 0)::float8 as "from",
       coalesce(h.new_percentage, 0)::float8 as "to", h.triggered_by as by, h.reason
     from rollout_state s join rollout_history h on h.id > s.notified_history
     where h.action = any ($1) and h.feature_name is not null
       and coalesce(h.previous_percentage, 0) <> coalesce(h.new_percentage, 0)
     order by h.id limit $2`,
    [NOT_INCIDENTS, MOST_AT_ONCE]
  );
  return rows;
}
async function notePercentages(db, last) {
  await db.query(
    `update rollout_state set notified_history = $1::bigint where notified_history < $1::bigint`,
    [last]
  );
}

// src/store/groups/outbox.ts
var outboxOf = (single) => ({
  enqueue: (notification) => enqueue(single, notification),
  pending: (limit, after) => pendingNotifications(single, limit, after),
  lastTakenBy: (receiver) => lastTakenBy(single, receiver),
  percentagesSince: () => percentagesSince(single),
  notePercentages: (last) => notePercentages(single, last),
  markDelivery: markDelivery.bind(null, single),
  markTold: markTold.bind(null, single)
});

// src/store/health/daily-times.ts
async function readDailyTimes(db, days, feature) {
  const { rows } = await db.query(
    `select s.feature, s.day, s.arm, array_agg(s.place) as places, array_agg(s.jobs) as counts
     from (
       select t.feature_name as feature, to_char(t.hour_start at time zone 'UTC', 'YYYY-MM-DD') as day, t.arm, u.place,
         sum(u.jobs)::float8 as jobs
       from rollout_evidence_times t cross join lateral unnest(t.places, t.counts) u(place, jobs)
       where t.arm in ('treatment', 'control') and t.hour_start <= now()
         and t.hour_start >= (date_trunc('day', now() at time zone 'UTC') - make_interval(days => $1 - 1)) at time zone 'UTC'
         and ($2::text is null or t.feature_name = $2)
       group by 1, 2, 3, 4
     ) s group by 1, 2, 3`,
    [days, feature ?? null]
  );
  return new Map(
    [...byKey(rows, (row) => row.feature)].map(([name, all]) => [
      name,
      dailyTimes(
        all.map(({ day, arm, places, counts }) => ({
          ...{ day, arm },
          times: countersOf(places.map((place, i) => [place, counts[i] ?? 0]))
        }))
      )
    ])
  );
}

// src/store/outcomes/error-classes.ts
async function readErrorClasses(db, asked, most) {
  if (asked.length === 0 || most === 0) return /* @__PURE__ */ new Map();
  const { rows } = await db.query(
    `with asked as (
       select feature, epoch, date_bin('1 hour', until, 'epoch') - interval '23 hours' as since
       from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, until)
     ), counted as (
       select a.feature, a.since, r.class, r.arm, h.at >= a.since as recent, sum(h.n) as failed
       from asked a
       join rollout_error_classes r on r.feature_name = a.feature and r.arm in ('treatment', 'control')
         and r.day between ((a.since - interval '1 day') at time zone 'UTC')::date
           and ((a.since + interval '1 day') at time zone 'UTC')::date
       cross join lateral (
         select n, r.day::timestamp at time zone 'UTC' + make_interval(hours => place::integer - 1) as at
         from unnest(r.hours) with ordinality u(n, place) where n > 0
       ) h
       where h.at >= a.since - interval '1 day' and h.at < a.since + interval '1 day'
       group by 1, 2, 3, 4, 5
     ), classes as (
       select feature, since, class, coalesce(sum(failed) filter (where recent and arm = 'treatment'), 0) as failed,
         coalesce(sum(failed) filter (where not recent and arm = 'treatment'), 0) as failed_before,
         coalesce(sum(failed) filter (where recent and arm = 'control'), 0) as control_failed,
         coalesce(sum(failed) filter (where not recent and arm = 'control'), 0) as control_failed_before
       from counted group by 1, 2, 3 having bool_or(arm = 'treatment')
     ), ranked as (
       select *, count(*) over (partition by feature) as classes,
         row_number() over (partition by feature order by failed desc, failed_before desc, class collate "C") as place
       from classes
     ), ran as (
       select a.feature, coalesce(sum(e.total_jobs) filter (where e.hour_start >= a.since), 0)::float8 as jobs,
         coalesce(sum(e.total_jobs) filter (where e.hour_start < a.since), 0)::float8 as jobs_before
       from asked a
       join rollout_evidence_hours e on e.feature_name = a.feature and e.arm = 'treatment'
         and e.hour_start >= a.since - interval '1 day' and e.hour_start < a.since + interval '1 day'
       where a.feature in (select feature from classes)
       group by 1
     )
     select r.feature, r.since, nullif(r.class, '') as class, r.failed::float8 as failed, r.failed_before::float8 as failed_before,
       r.control_failed::float8 as control_failed, r.control_failed_before::float8 as control_failed_before,
       s.first_at, s.last_at, coalesce(j.jobs, 0) as jobs, coalesce(j.jobs_before, 0) as jobs_before, r.classes::float8 as classes,
       case when c.epoch = a.epoch then c.epoch_started_at else t.started_at end as epoch_started_at
     from ranked r
     join asked a using (feature)
     join rollout_configuration c on c.feature_name = r.feature
     left join rollout_timelines t on t.feature_name = r.feature and t.epoch = a.epoch and t.scope = 'all'
     left join ran j using (feature)
     cross join lateral (
       select min(k.first_at) as first_at, max(k.last_at) filter (where k.arm = 'treatment') as last_at
       from rollout_error_classes k
       where k.feature_name = r.feature and k.class = r.class and k.arm in ('treatment', 'control')
     ) s
     where r.place <= $4 order by r.feature, r.place`,
    [
      asked.map(({ feature }) => feature),
      asked.map(({ epoch }) => epoch),
      asked.map(({ until }) => until),
      most
    ]
  );
  const found = /* @__PURE__ */ new Map();
  for (const { feature, since, epoch_started_at, jobs, jobs_before, classes, ...one } of rows) {
    const whole = { since, epoch_started_at, jobs, jobs_before };
    const own = found.get(feature) ?? { ...whole, classes: [], more: classes };
    own.classes.push(one);
    own.more -= 1;
    found.set(feature, own);
  }
  return found;
}

// src/store/outcomes/events.ts
async function recordEvent(db, event) {
  const { rows } = await translated(
    () => db.query(`select rollout_record_event($1, $2, $3, $4, $5) as id`, [
      event.feature,
      event.customer,
      event.event,
      keptJson(event.metadata),
      event.at?.toISOString() ?? null
    ])
  );
  return rows[0]?.id ?? "";
}
function keptJson(value) {
  return JSON.stringify(value).replace(
    /\\(?:u[\da-f]{4}|.)/g,
    (escaped) => /^\\u(0000|d[89a-f])/.test(escaped) ? "\uFFFD" : escaped
  );
}
async function countCustomers(db, feature) {
  await translated(() => db.query(`select rollout_count_customers($1)`, [feature]));
}
async function readCustomerEvents(db, feature) {
  const { rows } = await db.query(
    `select h.customers, h.failed, e.events
     from rollout_configuration c
     cross join lateral (
       select greatest(c.epoch_started_at, now() - make_interval(secs => (c.monitoring_window_hours * 3600)::float8)) as since
     ) w
     cross join lateral (
       select count(*)::float8 as customers, (count(*) filter (where failed))::float8 as failed
       from rollout_heard_customers(c.feature_name, w.since)
     ) h
     cross join lateral (
       select jsonb_object_agg(kind, (select count(*) from rollout_events e
         where e.feature_name = c.feature_name and e.event = kind and e."timestamp" >= w.since)) as events
       from unnest(array['enabled', 'disabled', 'error', 'rollback']) kind
     ) e
     where c.feature_name = $1`,
    [feature]
  );
  return rows[0] ?? { customers: 0, failed: 0, events: { enabled: 0, disabled: 0, error: 0, rollback: 0 } };
}

// src/store/outcomes/failing-subjects.ts
var LOOKED_UP = 100;
async function readFailingSubjects(db, asked, most) {
  if (asked.length === 0 || most === 0) return /* @__PURE__ */ new Map();
  const { rows } = await db.query(
    `with asked as (
       select * from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, until)
     ), failing as (
       select a.feature, a.epoch, a.until, s.subject_id, position(chr(31) in s.subject_id) = 0 and s.subject_id <> '' as named,
         sum(s.failed) as failed, sum(s.jobs - s.open) as finished, min(s.started_at) as since
       from asked a
       join rollout_spans s on s.feature_name = a.feature and s.epoch = a.epoch and s.measure = '' and s.failed > 0
         and s.touched_at > a.until - interval '1 day'
       group by 1, 2, 3, 4
     ), ranked as (
       select *, sum(failed) over (partition by feature) as all_failed, count(*) over (partition by feature) as subjects,
         row_number() over (partition by feature order by named desc, failed desc, finished, subject_id) as place
       from failing
     ), worst as materialized (
       select *, row_number() over (order by failed / all_failed desc, feature, place) <= $5 as looked_up
       from ranked where named and place <= $4
     )
     select w.feature, w.subject_id as subject, n.name, case when m.jobs > 0 then greatest(m.jobs, w.finished) end::float8 as finished,
       w.failed::float8 as failed, round(100 * w.failed / w.all_failed, 2)::float8 as share, w.since,
       w.all_failed::float8 as all_failed, w.subjects::float8 as subjects
     from worst w
     join rollout_configuration c on c.feature_name = w.feature
     left join rollout_subjects n on n.subject_type = c.subject_type and n.subject_id = w.subject_id
     cross join lateral (
       select sum(o.total_jobs) as jobs
       from generate_series(date_bin('5 minutes', w.since, 'epoch'), case when w.looked_up then w.until end, interval '5 minutes') at
       cross join lateral (
         select r.total_jobs from rollout_metrics r
         where r.metrics_window_start = at and r.subject_id = w.subject_id and r.feature_name = w.feature
           and r.arm = 'treatment' and r.epoch = w.epoch
         offset 0
       ) o
     ) m
     order by w.feature, w.place`,
    [
      asked.map(({ feature }) => feature),
      asked.map(({ epoch }) => epoch),
      asked.map(({ until }) => until),
      most,
      LOOKED_UP
    ]
  );
  const found = /* @__PURE__ */ new Map();
  const epochs = new Map(asked.map(({ feature, epoch }) => [feature, epoch]));
  for (const { feature, all_failed, subjects, ...one } of rows) {
    const own = found.get(feature) ?? {
      epoch: epochs.get(feature) ?? 0,
      failed: all_failed,
      subjects,
      worst: []
    };
    own.worst.push(one);
    found.set(feature, own);
  }
  return found;
}

// src/store/outcomes/jobs.ts
async function timeOutJobs(db, feature, timeouts) {
  const { rows } = await translated(
    () => db.query(`select rollout_time_out_jobs($1, $2) as late`, [
      feature,
      JSON.stringify(timeouts)
    ])
  );
  return rows[0]?.late ?? 0;
}
async function countOpenJobs(db, feature) {
  const { rows } = await db.query(
    `select feature_name as feature, processor_type as processor, arm, count(*)::float8 as open,
       min(routed_at) as oldest
     from rollout_jobs where state = 'open' and ($1::text is null or feature_name = $1)
     group by 1, 2, 3 order by 1, 2, 3`,
    [feature ?? null]
  );
  return rows;
}

// src/store/outcomes/span-sums.ts
var LONGEST_DAYS = 14;
var MOST_ROWS = 15e5;
var SLOTS = 96;
var WINDOW_SECONDS = 300;
async function readSpanSums(db, stretches) {
  if (stretches.length === 0) return /* @__PURE__ */ new Map();
  const { rows } = await db.query(
    `with rows_a_day as (
       select coalesce(sum(greatest(c.reltuples, 0)), 0)::float8
           / greatest(1, extract(epoch from now() - (select min(metrics_window_start) from rollout_metrics)) / 86400) as n
       from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'rollout_metrics'::regclass
     ), part as (
       select 86400 * least($5, greatest(1, floor($6 / greatest(1, n)))) as seconds from rows_a_day
     ), asked as materialized (
       select feature, epoch, until, every,
         since + floor(extract(epoch from until - since) / seconds) * make_interval(secs => seconds) as since
       from (
         select feature, epoch, until, date_bin('5 minutes', begun, 'epoch') as since
         from unnest($1::text[], $2::integer[], $3::timestamptz[], $4::timestamptz[]) a(feature, epoch, begun, until)
       ) a
       cross join part
       cross join lateral (
         select greatest($8, $8 * ceil(mod(extract(epoch from until - since)::numeric, seconds::numeric) / $7 / $8))::float8 as every
       ) slots
     ), spans as (
       select a.feature, a.since, a.every, m.arm, m.category,
         floor(extract(epoch from m.metrics_window_start - a.since) / a.every)::integer as slot,
         sum(m.total_jobs) as jobs, sum(m.error_count) as errors
       from asked a
       join rollout_metrics m on m.feature_name = a.feature and m.epoch = a.epoch
         and m.metrics_window_start >= a.since and m.metrics_window_start < a.until
       where m.arm in ('treatment', 'control')
         and m.metrics_window_start >= (select min(since) from asked)
       group by a.feature, a.since, a.every, m.arm, m.category, m.metrics_window_start, m.subject_id
     ), sums as (
       select feature, since, every, arm, category, slot, count(*) as spans, sum(errors::float8 / jobs) as failed,
         sum(jobs) as jobs
       from spans where jobs > 0 group by 1, 2, 3, 4, 5, 6
     )
     select feature, since, every, arm, category, to_json(array_agg(slot order by slot)) as slot,
       to_json(array_agg(spans order by slot)) as spans, to_json(array_agg(failed order by slot)) as failed,
       to_json(array_agg(jobs order by slot)) as jobs
     from sums group by feature, since, every, arm, category order by feature, category, arm`,
    [
      stretches.map(({ feature }) => feature),
      stretches.map(({ epoch }) => epoch),
      stretches.map(({ since }) => since),
      stretches.map(({ until }) => until),
      ...[LONGEST_DAYS, MOST_ROWS, SLOTS, WINDOW_SECONDS]
    ]
  );
  const found = /* @__PURE__ */ new Map();
  for (const { feature, since, every, ...columns } of rows) {
    const own = found.get(feature) ?? { since, every, columns: [] };
    own.columns.push(columns);
    found.set(feature, own);
  }
  return found;
}

// src/store/groups/outcomes.ts
var outcomeReader = (db) => ({
  rates: (feature) => readRates(db, feature),
  hours: (hours, feature) => readHours(db, hours, feature),
  rateSeries: (feature) => readRateSeries(db, feature),
  dailyTimes: (days, feature) => readDailyTimes(db, days, feature),
  spanSums: (stretches) => readSpanSums(db, stretches),
  errorClasses: readErrorClasses.bind(null, db),
  failingSubjects: readFailingSubjects.bind(null, db),
  errorTexts: (limit, feature) => readErrorTexts(db, limit, feature),
  openJobs: (feature) => countOpenJobs(db, feature),
  routes: (feature) => readRoutes(db, feature),
  participants: (feature) => countParticipants(db, feature),
  processorSums: (weeks, feature) => readProcessorSums(db, weeks, feature),
  refusedJobs: refusedJobs.bind(null, db),
  customerEvents: readCustomerEvents.bind(null, db)
});
var outcomeWriter = (single) => ({
  recordJobs: recordJobs.bind(null, single),
  recordEvent: recordEvent.bind(null, single),
  keepParticipation: () => keepParticipation(single),
  countCustomers: countCustomers.bind(null, single),
  timeOutJobs: (feature, seconds) => timeOutJobs(single, feature, seconds)
});

// src/store/registry/originals.ts
async function readOriginalConfiguration(db, feature) {
  const { rows } = await db.query(
    `select id, feature_name, rollout_percentage::float8, is_active, target_repositories, excluded_repositories,
       coalesce(audience ->> 'strategy', rollout_strategy) as rollout_strategy, max_error_rate::float8, monitoring_window_hours::float8, auto_rollback_enabled,
       emergency_stop, metadata, created_at, updated_at
     from rollout_configuration where feature_name = $1 and archived_at is null`,
    [feature]
  );
  return rows[0] ?? null;
}
var CATEGORY_COLUMNS = `r.repository_id, r.full_name, r.category, r.priority_level, r.is_test_repository,
  r.star_count, r.contributor_count, r.pr_count, r.monthly_activity_score, r.last_categorized_at, r.created_at,
  r.updated_at`;
async function repositoriesIn(db, category, limit) {
  const { rows } = await db.query(
    `select ${CATEGORY_COLUMNS} from repository_categories r where r.category = $1
     order by r.monthly_activity_score desc, r.repository_id collate "C" limit $2`,
    [category, limit]
  );
  return rows;
}
async function repositoriesToCome(db, feature, limit) {
  const { rows } = await db.query(
    `select ${CATEGORY_COLUMNS} from repository_categories r
     left join rollout_configuration c on c.feature_name = $1 and c.archived_at is null
     where r.category is not null and (c.feature_name is null or not (
       r.repository_id = any (c.denied)
       or coalesce(c.audience -> 'blacklist' ? (r.facts ->> 'owner' || '/*'), false)
       or coalesce(lower(r.full_name collate "C") = any (c.denied), false)
       or rollout_admits(c.is_active, c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories,
         c.target_repositories, c.denied, c.salt, c.audience, r.repository_id, r.full_name, r.category, r.facts)))
     order by r.priority_level desc, r.monthly_activity_score, r.repository_id collate "C" limit $2`,
    [feature, limit]
  );
  return rows;
}
async function readOriginalRollout(db, feature) {
  const { rows } = await db.query(
    `select id, feature_name, current_tier, target_tier, percentage::float8, status, whitelisted_customers,
       blacklisted_customers, rollback_threshold, started_at, completed_at
     from feature_rollouts where feature_name = $1`,
    [feature]
  );
  return rows[0] ?? null;
}

// src/store/registry/categories.ts
function categorizeAll(pool, claim2) {
  return transaction(pool, claim2, (client) => categorize(client, claim2.reason ?? "categorised again"));
}
function categorizeOne(pool, claim2, idOrName) {
  return transaction(pool, claim2, async (client) => {
    await categorize(client, claim2.reason ?? "repository categorised again", [idOrName, foldName(idOrName)]);
    const { rows } = await client.query(
      `select ${CATEGORY_COLUMNS} from repository_categories r
       where r.repository_id = $1 or lower(r.full_name collate "C") = $2
       order by r.repository_id = $1 desc limit 1`,
      [idOrName, foldName(idOrName)]
    );
    return rows[0] ?? null;
  });
}
async function setTestRepositories(pool, claim2, entries, applying) {
  try {
    return await takeTestRepositories(pool, claim2, entries, applying);
  } catch (error) {
    if (error instanceof OtherCommit) return null;
    throw error;
  }
}
var OtherCommit = class extends Error {
};
function takeTestRepositories(pool, claim2, entries, applying) {
  return transaction(pool, claim2, async (client) => {
    const result = categorised(
      await client.query(`select ${MOVED} from rollout_set_test_repositories($1, $2)`, [
        entries,
        claim2.reason ?? "test_repositories changed"
      ])
    );
    const { rows } = await client.query(`select revision from rollout_state`);
    if (applying !== void 0 && rows[0]?.revision !== applying) throw new OtherCommit();
    return result;
  });
}
var MOVED = `changed::float8, feature_name as feature, entering::float8, leaving::float8`;
async function categorize(client, reason, only = null) {
  return categorised(
    await client.query(`select ${MOVED} from categorize_all_repositories($1, $2)`, [reason, only])
  );
}
function categorised({ rows }) {
  const movements = rows.flatMap(
    ({ feature, entering: entering2, leaving: leaving2 }) => feature === null ? [] : [{ feature, entering: entering2 ?? 0, leaving: leaving2 ?? 0 }]
  );
  return { changed: rows[0]?.changed ?? 0, movements };
}
async function hasTestRepositories(db, count) {
  const { rows } = await db.query(
    `select count(*)::int as found from (
       select from public.repository_categories where category = 'test' limit $1) found`,
    [count]
  );
  return rows[0]?.found === count;
}
async function countCategories(db) {
  const { rows } = await db.query(
    `select category, count(*)::float8 as subjects, coalesce(sum(star_count), 0)::float8 as stars,
       coalesce(sum(contributor_count), 0)::float8 as contributors, coalesce(sum(pr_count), 0)::float8 as prs,
       coalesce(sum(monthly_activity_score), 0)::float8 as activity
     from repository_categories group by category, priority_level order by priority_level desc nulls last`
  );
  return rows;
}

// src/store/registry/forget.ts
async function namesOf(db, id) {
  const { rows } = await db.query("select rollout_names_of($1) as names", [id]);
  return rows[0]?.names ?? [];
}
function forgetSubject(pool, { actor, reason = "" }, { id, names }) {
  return transaction(
    pool,
    { actor },
    async (client) => {
      const before = await intactSpecs(client);
      const { rows } = await client.query(
        "select place, entries::float8 from rollout_forget($1, $2, $3, $4)",
        [id, names, reason, actor]
      );
      await sealSpecs(client, before);
      return rows;
    },
    { lockSeconds: 30, statementSeconds: 0 }
  );
}
async function intactSpecs(client) {
  const { rows } = await client.query(
    "select feature_name, spec, spec_digest from rollout_configuration where spec is not null"
  );
  return new Map(
    rows.filter(({ spec, spec_digest }) => specDigest(spec) === spec_digest).map(({ feature_name, spec_digest }) => [feature_name, spec_digest])
  );
}
async function sealSpecs(client, before) {
  const after = await client.query(
    "select feature_name, spec from rollout_configuration where spec is not null"
  );
  for (const { feature_name, spec } of after.rows) {
    const digest = specDigest(spec);
    const known = before.get(feature_name);
    if (known === void 0 || known === digest) continue;
    await client.query("update rollout_configuration set spec_digest = $2 where feature_name = $1", [
      feature_name,
      digest
    ]);
  }
}

// src/store/registry/known-facts.ts
var TABLES = {
  repository: "repository_categories",
  customer: "rollout_customers"
};
async function unknownFacts(db, subject, { attributes, values, owners }) {
  const unknown = { attributes: [], notText: [], values: /* @__PURE__ */ new Map(), owners: [] };
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
  const { rows } = await db.query(
    `select o.owner from unnest($1::text[]) o(owner) where not exists (
       select from repository_categories r where lower(r.full_name collate "C") >= left(o.owner, -1) collate "C"
         and lower(r.full_name collate "C") < (left(o.owner, -2) || '0') collate "C")`,
    [owners]
  );
  return { ...unknown, owners: rows.map(({ owner }) => owner) };
}
async function attributeIn(db, table, attribute, values) {
  const { rows } = await db.query(
    `select exists (select from ${table} where facts ? $1) as known,
       exists (select from ${table} where attributes ? $1 and jsonb_typeof(attributes -> $1) <> 'string') as not_text,
       array(select unnest($2::text[]) except select facts ->> $1 from ${table} where facts ->> $1 = any ($2)
         order by 1) as missing`,
    [attribute, values]
  );
  const [row] = rows;
  if (!row) throw new Error("a question about an attribute has no answer");
  return row;
}

// src/store/registry/lookup.ts
async function findSubject(db, type, idOrName, tests = null) {
  if (type === "customer") return findCustomer(db, idOrName);
  const { rows } = await db.query(
    `select repository_id as id, full_name as name, ${tests ? categoryAfter(3) : "category"} as category,
       facts, created_at as registered_at
     from repository_categories where repository_id = $1 or lower(full_name collate "C") = $2
     order by repository_id = $1 desc limit 1`,
    [idOrName, foldName(idOrName), ...tests ? [tests.moved, tests.after] : []]
  );
  return rows[0] ?? null;
}
async function findCustomer(db, id) {
  const { rows } = await db.query(
    `select customer_id as id, name, null as category, facts, created_at as registered_at
     from rollout_customers where customer_id = $1`,
    [id]
  );
  return rows[0] ?? null;
}
async function categoryAt(db, id, at) {
  const { rows } = await db.query(
    `select category, since from (
       select category, since, until from rollout_category_history where repository_id = $1
       union all
       select category, last_categorized_at, 'infinity' from repository_categories where repository_id = $1
     ) held where until > $2 order by until limit 1`,
    [id, at]
  );
  const row = rows[0];
  if (!row) return { category: null, known: false };
  return row.since !== null && row.since <= at ? { category: row.category, known: true } : { category: null, known: false };
}
async function factsAt(db, type, id, at) {
  const { rows } = await db.query(
    `select facts from rollout_facts_history where subject_type = $1 and subject_id = $2 and until > $3
     order by until limit 1`,
    [type, id, at]
  );
  return rows[0]?.facts ?? null;
}
async function evaluateInDatabase(db, feature, subject) {
  const { rows } = await db.query(`select eligible, reason, bucket from rollout_evaluate($1, $2)`, [
    feature,
    subject
  ]);
  return rows[0];
}

// src/store/registry/names.ts
async function lookUpNames(db, names) {
  if (names.length === 0) return /* @__PURE__ */ new Map();
  const { rows } = await db.query(
    `select lower(full_name collate "C") as name, repository_id as id from repository_categories
     where lower(full_name collate "C") = any ($1)`,
    [[...new Set(names.map(foldName))]]
  );
  return new Map(rows.map(({ name, id }) => [name, id]));
}
async function unknownIds(db, type, ids) {
  if (ids.length === 0) return [];
  const { rows } = await db.query(
    `select distinct o.id from unnest($2::text[]) o(id)
     where exists (select from rollout_subjects s where s.subject_type = $1)
       and not exists (select from rollout_subjects s where s.subject_type = $1 and s.subject_id = o.id)`,
    [type, ids]
  );
  return rows.map(({ id }) => id);
}

// src/store/registry/source-turn.ts
async function beginSource(db) {
  const { rows } = await db.query("select began_at, failing from rollout_begin_source()");
  return rows[0] ?? null;
}
async function endSource(db, read2) {
  await db.query("select rollout_end_source($1)", [read2]);
}

// src/store/registry/staging.ts
var STAGE = `create temp table rollout_incoming (
  line integer, id text, name text, star_count integer, contributor_count integer, pr_count integer,
  attributes jsonb) on commit drop`;
function mergedAttributes(known, given) {
  return `((coalesce(${known}, '{}') || jsonb_strip_nulls(coalesce(${given}, '{}')))
    - array(select key from jsonb_each(${given}) where value = 'null'))`;
}
var COUNTS2 = ["star_count", "contributor_count", "pr_count"];
async function stage(client, batches) {
  await client.query(STAGE);
  let received = 0;
  for await (const batch of batches) {
    await client.query(
      `insert into rollout_incoming
       select * from unnest($1::int[], $2::text[], $3::text[], $4::int[], $5::int[], $6::int[], $7::jsonb[])`,
      [
        batch.map((s) => s.line),
        batch.map((s) => s.id),
        batch.map((s) => s.name),
        ...COUNTS2.map((count) => batch.map((s) => s[count])),
        batch.map((s) => s.attributes && JSON.stringify(s.attributes))
      ]
    );
    received += batch.length;
  }
  return received;
}
async function dropRepeated(client) {
  const { rows } = await client.query(
    `with repeated as (
       select line, first_value(line) over same_id as first, 'id ' || id as what
       from rollout_incoming window same_id as (partition by id order by line)
       union all
       select line, first_value(line) over same_name, 'name ' || name
       from rollout_incoming where name is not null
       window same_name as (partition by lower(name collate "C") order by line)
     ), dropped as (
       delete from rollout_incoming i using repeated r where i.line = r.line and r.first < r.line
     )
     select distinct on (line) line, first, what from repeated where first < line order by line, first`
  );
  return rows;
}

// src/store/registry/movements.ts
async function countMovements(client) {
  const { rows: latch } = await client.query(
    `select global_stop as stopped from rollout_state`
  );
  if (latch[0]?.stopped) return [];
  const movements = [];
  for (const { feature, columns, settings } of (await readFeatures(client)).values()) {
    if (settings.subject !== "customer" || !columns.active || columns.emergency_stop) continue;
    const { entering: entering2, leaving: leaving2 } = await countMoved(client, columns);
    if (entering2 > 0 || leaving2 > 0) movements.push({ feature, entering: entering2, leaving: leaving2 });
  }
  return movements;
}
async function countMoved(client, exposure) {
  const { rows } = await client.query(
    `select count(*) filter (where is_in and not was_in)::float8 as entering,
       count(*) filter (where was_in and not is_in)::float8 as leaving
     from (
       select ${admits(1, { id: "i.id", name: "i.name", category: "null::text", facts: "i.facts" })} as is_in,
         r.id is not null and ${admits(1, { id: "r.id", name: "r.name", category: "r.category", facts: "r.facts" })} as was_in
       from (
         select n.id, n.name, rollout_texts(${mergedAttributes("c.attributes", "n.attributes")}) as facts
         from rollout_incoming n left join rollout_customers c on c.customer_id = n.id
       ) i
       left join ${REGISTRY.customer} r on r.id = i.id
       where r.id is null or (r.name, r.facts) is distinct from (i.name, i.facts)
     ) each`,
    valuesOf(exposure)
  );
  return rows[0] ?? { entering: 0, leaving: 0 };
}
async function recordMovements(client, claim2, movements) {
  for (const movement of movements) {
    await client.query(`select rollout_add_history($1, 'population_changed', $2, $3, $4)`, [
      movement.feature,
      `${claim2.reason}: ${movement.entering} enter, ${movement.leaving} leave`,
      JSON.stringify(movement),
      claim2.actor
    ]);
  }
}

// src/domain/spec/subject-facts.ts
var LARGEST_COUNT = 2147483647;
function repositoryNameProblem(text) {
  if (!/^[^/\s]+\/[^/\s]+$/.test(text)) return "must be owner/name";
  return subjectProblem(text);
}
function countProblem(text) {
  if (/^(?:0|[1-9]\d{0,9})$/.test(text) && Number(text) <= LARGEST_COUNT) return null;
  return `must be a whole number from 0 to ${LARGEST_COUNT}, or empty`;
}
var LONGEST_ATTRIBUTE = 100;
function attributesProblem(text) {
  if (text === null) return null;
  const read2 = readAttributes(text);
  return "problem" in read2 ? read2.problem : null;
}
function readAttributes(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return {
      problem: `attributes is ${quoted(text, 60)}; it must be a JSON object, such as {"region":"eu"}`
    };
  }
  const attributes = [];
  for (const [name, one] of Object.entries(value)) {
    const problem = attributeProblem(name, one);
    if (problem !== null) return { problem };
    if (one !== null) attributes.push([name, one]);
  }
  return { attributes: Object.fromEntries(attributes) };
}
function attributeProblem(name, value) {
  const what = `the attribute ${quoted(name, 60)}`;
  if (name === OWNER) return `${what} is given; the owner of a repository is the one in its full_name`;
  if (name.length > LONGEST_ATTRIBUTE || subjectProblem(name) !== null) {
    return `${what} has a name that no attribute can have: it ${subjectProblem(name) ?? `must have at most ${LONGEST_ATTRIBUTE} characters`}`;
  }
  if (value === null) return null;
  if (typeof value !== "string") {
    return `${what} is ${quoted(JSON.stringify(value), 60)}; it must be text, such as ${JSON.stringify(String(value)).slice(0, 40)}`;
  }
  const refused = refusedCharacter(value);
  return refused === null ? null : `${what} is ${quoted(value, 60)}; it must not contain ${refused}`;
}

// src/store/registry/source.ts
var VIEW = "public.rollout_repository_source";
var COLUMNS2 = ["repository_id", "full_name", ...COUNTS2];
var MOST_LISTED = 100;
var PORTION = 5e3;
async function hasSource(client) {
  const { rows } = await client.query(`select to_regclass($1) is not null as found`, [VIEW]);
  return rows[0].found;
}
async function stageSource(client) {
  await refuseStrangers(client);
  const attributes = (await columnsOfView(client)).has("attributes");
  await readView(client, attributes);
  const problems = [...await badRows(client), ...await repeated(client)];
  if (problems.length > 0) throw refusal(problems);
  const { rowCount } = await client.query(
    `insert into rollout_incoming (line, id, name, star_count, contributor_count, pr_count, attributes)
     select line, id, name, ${COUNTS2.map((count) => `${count}::integer`).join(", ")}, attributes::jsonb from rollout_source`
  );
  return { received: rowCount ?? 0, attributes };
}
async function refuseStrangers(client) {
  const { rows } = await client.query(
    `select pg_get_userbyid(v.relowner)::text as owner from pg_class v, pg_class t, pg_database d
     where v.oid = to_regclass($1) and t.oid = 'public.rollout_state'::regclass and d.datname = current_database()
       and not pg_has_role(v.relowner, t.relowner, 'usage') and v.relowner <> d.datdba
       and pg_get_userbyid(v.relowner) <> current_user`,
    [VIEW]
  );
  const [stranger] = rows;
  if (!stranger) return;
  throw new RolloutError(
    "import_invalid",
    `rollout_repository_source belongs to the role ${quoted(stranger.owner)}, who owns neither this database nor its rollout tables; nothing was read`,
    {
      hint: "check what the view calls, then give it to the owner of the database: alter view public.rollout_repository_source owner to ..."
    }
  );
}
async function readView(client, attributes) {
  try {
    await client.query(
      `create temp table rollout_source on commit drop as
       select row_number() over () as line, repository_id::text as id, full_name::text as name,
         ${COUNTS2.map((count) => `${count}::text as ${count}`).join(", ")},
         ${attributes ? "attributes::text" : "null::text"} as attributes
       from ${VIEW} where repository_id is not null`
    );
  } catch (error) {
    const state = sqlState(error);
    const hint = HINTS.find(([codes]) => codes.test(state))?.[1];
    if (hint === void 0) throw error;
    const message = errorText(error);
    throw new RolloutError("import_invalid", `rollout_repository_source cannot be read: ${message}`, {
      hint,
      cause: error
    });
  }
}
var HINTS = [
  [/^22/, "correct the query of the view, then run: rollout categorize"],
  [
    /^42501$/,
    "as the owner of the view, run: grant select on rollout_repository_source to rollout_controller"
  ]
];
async function columnsOfView(client) {
  const { rows } = await client.query(
    `select attname as name from pg_catalog.pg_attribute
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [VIEW]
  );
  const names = new Set(rows.map(({ name }) => name));
  const missing = COLUMNS2.filter((column) => !names.has(column));
  if (missing.length === 0) return names;
  throw new RolloutError(
    "import_invalid",
    `rollout_repository_source lacks ${missing.length === 1 ? "the column" : "the columns"} ${missing.join(", ")}; nothing was taken over`,
    { hint: "add them to the view; where a value is not known, it gives null (null::integer as pr_count)" }
  );
}
async function badRows(client) {
  const problems = [];
  for (let after = 0; problems.length <= MOST_LISTED; ) {
    const { rows } = await client.query(
      `select line::float8, id, name, star_count, contributor_count, pr_count, attributes from rollout_source
       where line > $1 and not (length(id) <= 512 and id collate "C" ~ '^[!-~]+$'
         and (name is null or length(name) <= 512 and name collate "C" ~ '^[!-.0-~]+/[!-.0-~]+$')
         and ${COUNTS2.map((count) => `coalesce(${count} ~ '^(0|[1-9][0-9]{0,8})$', true)`).join(" and ")}
         and coalesce(attributes = '{}', true))
       order by line limit $2`,
      [after, PORTION]
    );
    for (const { line, ...row } of rows) {
      const problem = problemOf(row);
      if (problem !== null) problems.push(problem);
      after = line;
    }
    if (rows.length < PORTION) break;
  }
  return problems;
}
function problemOf({ id, name, attributes, ...counts }) {
  const idProblem = subjectProblem(id);
  if (idProblem !== null) return `repository_id ${quoted(id)}: it ${idProblem}`;
  const nameProblem = name === null ? null : repositoryNameProblem(name);
  if (name !== null && nameProblem !== null) {
    return `repository_id ${quoted(id)}: full_name is ${quoted(name)}; it ${nameProblem}`;
  }
  const count = COUNTS2.find((one) => countProblem(counts[one] ?? "0") !== null);
  if (count === void 0) {
    const problem = attributesProblem(attributes);
    return problem && `repository_id ${quoted(id)}: ${problem}`;
  }
  return `repository_id ${quoted(id)}: ${count} is ${quoted(counts[count] ?? "")}; it ${countProblem(counts[count] ?? "0")}`;
}
async function repeated(client) {
  const { rows } = await client.query(
    `select what, times from (
       select 'repository_id ' || id as what, count(*)::float8 as times from rollout_source
       group by id having count(*) > 1
       union all
       select 'full_name ' || min(name), count(*)::float8 from rollout_source where name is not null
       group by lower(name collate "C") having count(distinct id) > 1
     ) each order by what collate "C" limit ${MOST_LISTED + 1}`
  );
  return rows.map(({ what, times }) => `${what} stands in ${times} rows`);
}
function refusal(problems) {
  const listed = problems.slice(0, MOST_LISTED).map((problem) => `  ${problem}`);
  const more = problems.length > MOST_LISTED ? "\n  and more" : "";
  return new RolloutError(
    "import_invalid",
    `rollout_repository_source has rows that cannot be taken over; nothing was changed:
${listed.join("\n")}${more}`,
    { hint: "correct the view so that it gives each repository once, then run: rollout categorize" }
  );
}

// src/store/registry/subjects.ts
var LOCK_REGISTRY = `select rollout_lock_registry()`;
function importRepositories(pool, claim2, columns, batches, onRepeated) {
  return importOnce(pool, claim2, async (client) => {
    const received = await stage(client, batches);
    const repeated2 = await dropRepeated(client);
    onRepeated(repeated2);
    return mergeRepositories(client, claim2, columns, { received, repeated: repeated2.length });
  });
}
function refreshFromSource(pool, claim2, patient = true) {
  const work = async (client) => {
    if (!await hasSource(client)) return null;
    await client.query(STAGE);
    const { received, attributes } = await stageSource(client);
    const columns = {
      id: true,
      name: true,
      star_count: true,
      contributor_count: true,
      pr_count: true,
      attributes
    };
    return mergeRepositories(client, claim2, columns, { received, repeated: 0 });
  };
  return importOnce(pool, claim2, work, patient ? PATIENT_LIMITS : LIMITS);
}
function importCustomers(pool, claim2, batches, onRepeated) {
  return importOnce(pool, claim2, async (client) => {
    const received = await stage(client, batches);
    const repeated2 = await dropRepeated(client);
    onRepeated(repeated2);
    await client.query(LOCK_REGISTRY);
    const movements = await countMovements(client);
    const { rows } = await client.query(
      `with merged as (insert into rollout_customers as c (customer_id, name, attributes)
       select i.id, i.name, ${mergedAttributes("k.attributes", "i.attributes")}
       from rollout_incoming i left join rollout_customers k on k.customer_id = i.id
       on conflict (customer_id) do update set
         name = coalesce(excluded.name, c.name), attributes = excluded.attributes,
         updated_at = now()
       where (c.name, c.attributes) is distinct from
         (coalesce(excluded.name, c.name), excluded.attributes)
       returning xmax = 0 as added)
       select count(*) filter (where added)::float8 as added,
         count(*) filter (where not added)::float8 as changed from merged`
    );
    await recordMovements(client, claim2, movements);
    return tally({ received, repeated: repeated2.length }, rows[0], movements);
  });
}
function importOnce(pool, claim2, work, limits = PATIENT_LIMITS) {
  let begun = false;
  const once = (client) => {
    if (begun) {
      throw new RolloutError("database_refused", "another change of the registry was committed meanwhile", {
        hint: "nothing was imported; run the command again"
      });
    }
    begun = true;
    return work(client);
  };
  return transaction(pool, claim2, once, limits);
}
async function mergeRepositories(client, claim2, columns, counts) {
  await client.query(`analyze rollout_incoming`);
  await client.query(LOCK_REGISTRY);
  if (!columns.id) await client.query(KNOWN_BY_NAME);
  await dropUnchanged(client, columns);
  await fillFromRegistry(client, columns);
  await client.query(DISPLACED);
  const { rows } = await client.query(
    `select m.added::float8, m.changed::float8, m.movements
     from (
       select array_agg(id) as ids, array_agg(name) as names, array_agg(star_count) as stars,
         array_agg(contributor_count) as contributors, array_agg(pr_count) as prs,
         array_agg(jsonb_strip_nulls(coalesce(attributes, '{}'))) as attributes, array_agg(line = 0) as displaced
       from rollout_incoming
     ) i, rollout_merge_repositories($1, i.ids, i.names, i.stars, i.contributors, i.prs, i.attributes, i.displaced) m`,
    [claim2.reason ?? "imported"]
  );
  return tally(counts, rows[0], rows[0]?.movements ?? []);
}
var KNOWN_BY_NAME = `update rollout_incoming i set id = r.repository_id from repository_categories r
  where lower(r.full_name collate "C") = lower(i.name collate "C")
    and not exists (select from rollout_incoming o where o.id = r.repository_id)`;
var DISPLACED = `insert into rollout_incoming (line, id, star_count, contributor_count, pr_count, attributes)
  select 0, r.repository_id, r.star_count, r.contributor_count, r.pr_count, r.attributes from repository_categories r
  join rollout_incoming i on lower(i.name collate "C") = lower(r.full_name collate "C")
  where not exists (select from rollout_incoming o where o.id = r.repository_id)`;
async function dropUnchanged(client, columns) {
  const same2 = [
    ...columns.name ? ["r.full_name is not distinct from i.name"] : [],
    ...COUNTS2.filter((count) => columns[count]).map((count) => `r.${count} is not distinct from i.${count}`),
    ...columns.attributes ? [`r.attributes = jsonb_strip_nulls(coalesce(i.attributes, '{}'))`] : []
  ];
  await client.query(
    `delete from rollout_incoming i using repository_categories r, rollout_state s
     where r.repository_id = i.id ${same2.map((one) => `and ${one}`).join(" ")}
       and r.is_test_repository = rollout_is_named(r.repository_id, r.full_name, s.test_repositories)
       and r.category is not distinct from
         rollout_category(r.star_count, r.contributor_count, r.pr_count, r.is_test_repository)`
  );
  await client.query("analyze rollout_incoming");
}
async function fillFromRegistry(client, columns) {
  const absent = [
    ...columns.name ? [] : ["name = r.full_name"],
    ...[...COUNTS2, "attributes"].filter((count) => !columns[count]).map((count) => `${count} = r.${count}`)
  ];
  if (absent.length === 0) return;
  await client.query(
    `update rollout_incoming i set ${absent.join(", ")} from repository_categories r where r.repository_id = i.id`
  );
}
async function resolvePending(client) {
  await client.query(`select rollout_resolve_pending()`);
}
function tally({ received, repeated: repeated2 }, { added, changed } = { added: 0, changed: 0 }, movements) {
  return { received, repeated: repeated2, added, changed, unchanged: received - repeated2 - added - changed, movements };
}

// src/store/groups/registry.ts
var registryReader = (db) => ({
  ownersOf: (names) => lookUpNames(db, names),
  unknownIds: unknownIds.bind(null, db),
  unknownFacts: unknownFacts.bind(null, db),
  subject: findSubject.bind(null, db),
  namesOf: namesOf.bind(null, db),
  evaluate: evaluateInDatabase.bind(null, db),
  categories: () => countCategories(db),
  categoryAt: categoryAt.bind(null, db),
  factsAt: factsAt.bind(null, db),
  hasTestRepositories: (count) => hasTestRepositories(db, count),
  originalConfiguration: readOriginalConfiguration.bind(null, db),
  originalRollout: readOriginalRollout.bind(null, db),
  repositoriesIn: repositoriesIn.bind(null, db),
  repositoriesToCome: repositoriesToCome.bind(null, db)
});
var registryWriter = (pool, single) => ({
  resolveNames: (actor) => transaction(pool, { actor }, resolvePending),
  setTestRepositories: setTestRepositories.bind(null, pool),
  categorizeAll: categorizeAll.bind(null, pool),
  categorizeOne: categorizeOne.bind(null, pool),
  importRepositories: importRepositories.bind(null, pool),
  importCustomers: importCustomers.bind(null, pool),
  refreshFromSource: refreshFromSource.bind(null, pool),
  beginSource: () => beginSource(single),
  endSource: (read2) => endSource(single, read2),
  forget: forgetSubject.bind(null, pool)
});

// src/store/store.ts
function reader(db) {
  return {
    state: () => readState(db),
    governingRevision: () => governingRevision(db),
    features: featureReader(db),
    incidents: incidentReader(db),
    history: historyReader(db),
    registry: registryReader(db),
    outcomes: outcomeReader(db),
    health: healthReader(db),
    guardrails: guardrailReader(db)
  };
}
function createStore(pool) {
  const single = singly(pool);
  return {
    /** Reads on one consistent snapshot; the database refuses a write in here. */
    reading: (work) => readOnly(pool, (client) => work(reader(client))),
    features: featureWriter(pool, single),
    incidents: incidentWriter(pool, single),
    history: historyWriter(pool),
    registry: registryWriter(pool, single),
    outcomes: outcomeWriter(single),
    health: healthWriter(pool, single),
    guardrails: guardrailWriter(single),
    outbox: outboxOf(single),
    lease: leaseOf(single),
    maintain: maintain.bind(null, pool)
  };
}

// src/compose/action.ts
function openForAction(connectionString) {
  return opened(connectionString, async (pool) => {
    await refusePending(pool);
    await selfCheck(pool);
  });
}
function openForActionStop(connectionString) {
  return opened(connectionString, async () => {
  });
}
function openForTakingAway(connectionString) {
  return opened(connectionString, (pool) => pool.query("select 1"));
}
async function migrateForAction(connectionString, log) {
  refuseMalformed(connectionString);
  const { migrateDatabase } = await import("./database-RJISKJCU.js");
  return migrateDatabase(connectionString, log);
}
async function opened(connectionString, check) {
  refuseMalformed(connectionString);
  const pool = openPool(connectionString);
  const close = doneOnce(() => pool.end());
  try {
    await check(pool);
    return { store: createStore(pool), close };
  } catch (error) {
    await close();
    throw error;
  }
}

export {
  openForAction,
  openForActionStop,
  openForTakingAway,
  migrateForAction
};
