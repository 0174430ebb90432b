import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  retry
} from "./chunk-N4SPL67E.js";
import {
  parseDatabaseUrl
} from "./chunk-7N2S45PO.js";
import {
  errorText
} from "./chunk-5VT6VSXC.js";
import {
  packageRoot
} from "./chunk-YD3QEZ7G.js";
import {
  durationText
} from "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import {
  esm_default
} from "./chunk-ONQZMICL.js";

// src/store/db/driver-errors.ts
var CLASH_CODES = /* @__PURE__ */ new Set(["40001", "40P01", "55P03"]);
function isClash(error) {
  return CLASH_CODES.has(sqlState(error));
}
async function translated(work) {
  try {
    return await work();
  } catch (error) {
    throw translate(error);
  }
}
function translate(error) {
  if (error instanceof RolloutError || isClash(error)) return error;
  const message = errorText(error);
  const known = KNOWN.find(({ code, text }) => code?.includes(sqlState(error)) || text?.test(message));
  if (!known) return error;
  return new RolloutError(known.as, known.say(message), { hint: hintOf(error) ?? known.hint, cause: error });
}
var KNOWN = [
  {
    code: ["28P01", "28000"],
    as: "database_refused",
    say: () => "the database refused the user or the password",
    hint: "check DATABASE_URL"
  },
  {
    // The driver's message is "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string".
    text: /client password must be a|password is required/i,
    as: "database_refused",
    say: () => "the database wants a password, and DATABASE_URL has none",
    hint: "put it into DATABASE_URL: postgresql://USER:PASSWORD@HOST:5432/DATABASE"
  },
  {
    code: ["3D000"],
    as: "database_unreachable",
    say: (message) => message,
    hint: "check the database name in DATABASE_URL"
  },
  {
    code: ["42P01", "42883", "42703", "3F000"],
    as: "database_not_migrated",
    say: (message) => `the database lacks something that the controller needs: ${message}`,
    hint: "run: rollout migrate"
  },
  {
    code: ["25006"],
    as: "database_read_only",
    say: (message) => `the database is read-only: ${message}`,
    hint: "use the DATABASE_URL of the primary, or look for default_transaction_read_only; in a fail-over wait until it is over"
  },
  {
    code: ["53300"],
    as: "database_unreachable",
    say: (message) => `the database has no connection left: ${message}`,
    hint: "raise the limit (alter role ... connection limit, max_connections), use fewer processes, or put a pooler in front"
  },
  {
    code: ["42501"],
    as: "database_refused",
    say: (message) => `this role may not do that: ${message}`,
    hint: "use the DATABASE_URL of a role that is a member of rollout_controller"
  },
  {
    code: [
      ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ECONNRESET"],
      // Errors of a socket, or of a certificate that DATABASE_URL names.
      ...["EPIPE", "ENOENT", "EACCES", "ENOTDIR"]
    ],
    text: /timeout expired|Connection terminated|connection timeout|Query read timeout|server closed the connection/i,
    as: "database_unreachable",
    say: (message) => `the database cannot be reached: ${message}`,
    hint: "check DATABASE_URL and that the server runs; what was committed stays, so the command can be run again"
  },
  {
    text: /does not support SSL|certificate|unable to verify|wrong version number/i,
    as: "database_unreachable",
    say: (message) => `no encrypted connection to the database could be made: ${message}`,
    hint: "check sslmode and sslrootcert in DATABASE_URL"
  },
  {
    // The codes for a text and for an escape in JSON.
    code: ["22021", "22P05"],
    as: "usage",
    say: () => "a text holds the character U+0000, which the database cannot keep",
    hint: "leave the character out: of the reason, of a name, or of whatever else was given"
  },
  {
    code: ["P0002"],
    as: "unknown_feature",
    say: (message) => message,
    hint: "run: rollout status"
  },
  {
    code: [
      ...["57P01", "57P02", "57P03", "57P05", "25P03", "57014", "53100", "53200", "53400"],
      ...["08000", "08001", "08003", "08004", "08006", "08P01"]
    ],
    as: "database_unreachable",
    say: (message) => `the database is not available: ${message}`,
    hint: "what was committed stays; run the command again"
  }
];
function sqlState(error) {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}
function hintOf(error) {
  const hint = sqlState(error) === "P0002" && typeof error === "object" && error && "hint" in error && error.hint;
  return typeof hint === "string" ? hint : void 0;
}

// src/store/db/locks.ts
var LIMITS = { lockSeconds: 15, statementSeconds: 300 };
var PATIENT_LIMITS = { lockSeconds: 120, statementSeconds: 3600 };
function begun(begin, { lockSeconds, statementSeconds }) {
  return `${begin}; set local lock_timeout = '${lockSeconds}s'; set local statement_timeout = '${statementSeconds}s'`;
}
async function lockHolders(db) {
  try {
    const { rows } = await db.query(
      `select pid, role, application, seconds::float8 from rollout_lock_holders() limit 3`
    );
    return rows;
  } catch {
    return [];
  }
}
function holderText({ pid, role, application, seconds }) {
  const program = application === "" ? "" : ` (${application})`;
  const age = seconds === null ? "" : `, in a transaction for ${ageText(seconds)}`;
  return `process ${pid} of role ${role}${program}${age}`;
}
function ageText(seconds) {
  return seconds < 120 ? `${Math.round(seconds)} s` : durationText(seconds);
}
async function lockError(db, cause, limits) {
  const holders = await lockHolders(db);
  const waited = isLockTimeout(cause) ? `waited ${limits.lockSeconds} s for a lock` : `a statement took longer than ${durationText(limits.statementSeconds)}`;
  const [first] = holders;
  const held = first ? `; it is held by ${holders.map(holderText).join(" and ")}` : "";
  return new RolloutError("busy", `${waited}${held}`, {
    hint: first ? `wait until it ends, or end it as its owner: select pg_terminate_backend(${first.pid})` : "run the command again",
    cause
  });
}
function isLockTimeout(error) {
  return codeOf(error) === "55P03";
}
function isStatementTimeout(error) {
  return codeOf(error) === "57014" && /statement timeout/.test(messageOf(error));
}
function codeOf(error) {
  const { code } = causeOf(error);
  return typeof code === "string" ? code : "";
}
function messageOf(error) {
  const { message } = causeOf(error);
  return message ?? "";
}
function causeOf(error) {
  const cause = error instanceof RolloutError ? error.cause : error;
  return typeof cause === "object" && cause !== null ? cause : {};
}

// src/store/db/session.ts
var SETTINGS = `select set_config('datestyle', 'ISO, YMD', true), set_config('intervalstyle', 'postgres', true),
  set_config('timezone', 'UTC', true), set_config('extra_float_digits', '1', true)`;
var BEGIN = /^\s*(begin|start\s+transaction)\b/i;
var SettledClient = class extends esm_default.Client {
  #styles = /* @__PURE__ */ new Map();
  #inTransaction = false;
  #before = Promise.resolve();
  constructor(config) {
    super(config);
    const { connection } = this;
    connection.on("parameterStatus", ({ parameterName, parameterValue }) => {
      this.#styles.set(parameterName, parameterValue);
    });
    connection.on("readyForQuery", ({ status }) => {
      this.#inTransaction = status !== "I";
    });
    const send = super.query.bind(this);
    this.query = ((...all) => {
      const text = textOf(all[0]);
      if (this.#readable() || text === null) return send(...all);
      const done = all.findIndex((one) => typeof one === "function");
      const answer = this.#before.then(() => this.#settled(send, text, done < 0 ? all : all.slice(0, done)));
      this.#before = answer.catch(() => {
      });
      if (done < 0) return answer;
      const tell = all[done];
      answer.then((result) => tell(null, result), tell);
      return void 0;
    });
  }
  /** Can the driver read the connection's styles? Decided by the server's report; without one, yes. */
  #readable() {
    const date = this.#styles.get("DateStyle") ?? "ISO";
    const interval = this.#styles.get("IntervalStyle") ?? "postgres";
    return date.startsWith("ISO") && interval === "postgres";
  }
  async #settled(send, text, question) {
    if (BEGIN.test(text)) {
      const begun2 = await send(...question);
      await send(SETTINGS);
      return begun2;
    }
    if (this.#inTransaction) return send(...question);
    await send("begin");
    try {
      await send(SETTINGS);
      const result = await send(...question);
      await send("commit");
      return result;
    } catch (error) {
      send("rollback").catch(() => {
      });
      throw error;
    }
  }
};
function textOf(question) {
  if (typeof question === "string") return question;
  const { text, submit } = question ?? {};
  return typeof text === "string" && typeof submit !== "function" ? text : null;
}

// src/store/db/ssl-mode.ts
var TAKEN_FOR_VERIFY_FULL = /([?&]sslmode=)(?:prefer|require|verify-ca)(?=[&#]|$)/g;
function withCertificateChecked(connectionString) {
  if (/[?&]uselibpqcompat=true(?=[&#]|$)/.test(connectionString)) return connectionString;
  return connectionString.replace(TAKEN_FOR_VERIFY_FULL, "$1verify-full");
}

// src/store/db/client.ts
var ATTEMPTS = 5;
var CONNECT_TIMEOUT_MS = 1e4;
function connectionConfig(connectionString) {
  const checked = { connectionString: withCertificateChecked(connectionString) };
  try {
    void new esm_default.Client(checked);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof URIError)) return checked;
    throw new RolloutError("usage", "the connection string of the database cannot be read", {
      hint: "write postgresql://USER:PASSWORD@HOST:5432/DATABASE, with special characters of the password encoded (@ as %40, # as %23, % as %25)"
    });
  }
  return checked;
}
function openPool(connectionString, applicationName = "rollout", rest = {}) {
  const pool = new esm_default.Pool({
    Client: SettledClient,
    ...connectionConfig(connectionString),
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    max: 4,
    keepAlive: true,
    ...rest
  });
  pool.on("error", () => {
  });
  const query = pool.query.bind(pool);
  pool.query = ((...all) => translated(() => query(...all)));
  return pool;
}
async function connect(connectionString, rest = {}) {
  const client = new SettledClient({
    ...connectionConfig(connectionString),
    application_name: "rollout",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...rest
  });
  client.on("error", () => {
  });
  await translated(() => client.connect());
  return client;
}
var ANSWER_MS = 1e4;
function soonAnswered(question, milliseconds = ANSWER_MS) {
  return { ...question, query_timeout: milliseconds };
}
async function transaction(pool, claim, work, limits = LIMITS) {
  return retry(
    () => limited(pool, "begin", limits, async (client) => {
      await claimChange(client, claim);
      return work(client);
    }),
    { attempts: ATTEMPTS, mayPass: isClash }
  );
}
function readOnly(pool, work) {
  return limited(pool, "begin isolation level repeatable read read only", LIMITS, work);
}
function singly(pool) {
  const query = (...all) => limited(pool, "begin", LIMITS, (client) => client.query(...all));
  return { query };
}
async function limited(pool, begin, limits, work) {
  try {
    return await inTransaction(pool, begun(begin, limits), work);
  } catch (error) {
    if (isLockTimeout(error) || isStatementTimeout(error)) throw await lockError(pool, error, limits);
    throw error;
  }
}
async function claimChange(client, claim) {
  await client.query(
    `select set_config('rollout.actor', $1, true), set_config('rollout.action', $2, true),
       set_config('rollout.reason', $3, true), set_config('rollout.revision', $4, true),
       set_config('rollout.metadata', $5, true)`,
    [
      claim.actor,
      claim.action ?? "",
      claim.reason ?? "",
      claim.revision ?? "",
      claim.metadata ? JSON.stringify(claim.metadata) : ""
    ]
  );
}
var proved = /* @__PURE__ */ new WeakMap();
async function inTransaction(pool, begin, work) {
  const client = await translated(() => pool.connect());
  let broken;
  const onError = (error) => {
    broken = error;
  };
  client.on("error", onError);
  try {
    return await translated(async () => {
      await client.query(begin);
      const subject = proved.get(pool);
      if (subject !== void 0)
        await client.query(`select set_config('rollout.verified_by', $1, true)`, [subject]);
      const result = await work(client);
      await client.query("commit");
      return result;
    });
  } catch (error) {
    await client.query("rollback").catch((failure) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

// src/store/db/migrate.ts
import { join } from "node:path";

// src/store/db/migration-names.ts
var MIGRATION_NAMES = [
  "0001_set-aside-the-originals",
  "0002_state-and-configuration",
  "0003_history",
  "0004_incidents",
  "0005_registry",
  "0006_eligibility",
  "0007_outcomes-and-evidence",
  "0008_score",
  "0009_events",
  "0010_operations",
  "0011_fuse",
  "0012_bring-the-originals-over",
  "0013_views-of-the-originals",
  "0014_roles",
  "0015_kept-counts",
  "0016_times",
  "0017_quarantine",
  "0018_forget",
  "0019_outcomes-by-subject",
  "0020_kept-windows",
  "0021_back-tests",
  "0022_processes",
  "0023_source-turns",
  "0024_lone-subjects",
  "0025_patience",
  "0026_routes",
  "0027_error-classes",
  "0028_few-subjects"
];

// src/store/db/rights.ts
var EVERYBODY = ["PUBLIC", "anon", "authenticated"];
async function readRights(db) {
  const { rows } = await db.query(
    `select role, count(distinct object)::float8 as objects from public.rollout_rights()
     where held and not wanted group by role order by role`
  );
  const { rows: lacking } = await db.query(
    `select count(*)::float8 as missing from public.rollout_rights() where wanted and not held`
  );
  const { rows: creators } = await db.query(
    `select coalesce(r.rolname::text, 'PUBLIC') as role
     from pg_namespace n cross join aclexplode(n.nspacl) a left join pg_roles r on r.oid = a.grantee
     where n.nspname = 'public' and a.privilege_type = 'CREATE' and a.grantee <> n.nspowner
       and not coalesce(r.rolsuper, false)
       and a.grantee <> (select c.relowner from pg_class c where c.oid = 'public.rollout_state'::regclass)
     order by 1`
  );
  return {
    open: rows.filter(({ role }) => EVERYBODY.includes(role)),
    others: rows.filter(({ role }) => !EVERYBODY.includes(role)),
    missing: lacking[0]?.missing ?? 0,
    creators: creators.map(({ role }) => role)
  };
}

// src/store/db/migrate.ts
var migrationsFolder = () => join(packageRoot(), "migrations");
var TABLE = "rollout_migrations";
var OLDEST_SERVER = 14e4;
var RAISED = "P0001";
var LONGEST_DETAIL = 300;
var NO_PLACE = /^Unable to ensure migrations table: error: (permission denied.*|.*read-only transaction)$/m;
async function migrate(client, options = {}) {
  await pendingMigrations(client);
  const notices = [];
  const onNotice = ({ code, message }) => {
    if (code === ROLES_MISSING) notices.push(message ?? "");
  };
  client.on("notice", onNotice);
  const { runner } = await import("./bundle-OID4ZHMM.js");
  try {
    const applied = await runner({
      dbClient: client,
      dir: migrationsFolder(),
      direction: "up",
      // Independent of the role's own search_path.
      schema: "public",
      migrationsTable: TABLE,
      // Undefined by default, which leaves the client in an aborted transaction after a failing file.
      singleTransaction: true,
      advisoryLockMode: "wait",
      log: () => {
      },
      logger: quiet
    });
    for (const notice of notices) options.log?.(notice);
    if (applied.length > 0 || !options.inPassing) await keepRights(client, options);
    return applied.map(({ name }) => name);
  } catch (error) {
    throw explainMigration(error);
  } finally {
    client.off("notice", onNotice);
  }
}
async function pendingMigrations(client) {
  await refuseOldServer(client);
  const status = await migrationStatus(client);
  refuseForeign(status);
  return status.pending;
}
async function migrationStatus(client) {
  const known = await client.query(`select to_regclass($1) is not null as exists`, [
    `public.${TABLE}`
  ]);
  if (!known.rows[0]?.exists) return { applied: [], pending: [...MIGRATION_NAMES], foreign: [] };
  const { rows } = await client.query(`select name from public.${TABLE} order by id`);
  const applied = rows.map(({ name }) => name);
  return {
    applied,
    pending: MIGRATION_NAMES.filter((name) => !applied.includes(name)),
    foreign: applied.filter((name) => !MIGRATION_NAMES.includes(name))
  };
}
function refuseForeign({ foreign, pending }) {
  const [first] = foreign;
  if (first === void 0) return;
  if (pending.length === 0) {
    throw new RolloutError("database_incompatible", `a newer version migrated this database (${first})`, {
      hint: "nothing was changed; update rollout-controller"
    });
  }
  throw new RolloutError(
    "database_incompatible",
    `a version that was never released migrated this database (${first} is not a migration of this version)`,
    { hint: "nothing was changed; run rollout migrate, import and reconcile on an empty database" }
  );
}
async function keepRights(client, { log, revokeOthers, allow = [] }) {
  const { rows } = await client.query(
    `select pg_has_role(c.relowner, 'usage') as owner, current_user::text as name
     from pg_class c where c.oid = 'public.rollout_state'::regclass`
  );
  if (!rows[0]?.owner) {
    if (!revokeOthers && allow.length === 0) return;
    throw new RolloutError(
      "database_refused",
      `only the owner of the tables changes rights, not ${rows[0]?.name}`,
      {
        hint: "use the DATABASE_URL of the owner"
      }
    );
  }
  for (const { role, kind } of allow) {
    await client.query(`select public.rollout_allow($1, $2)`, [role, kind === "none" ? null : kind]);
  }
  await client.query(`select public.rollout_grant_roles($1)`, [revokeOthers ?? false]);
  const { others, creators } = await readRights(client);
  for (const { role, objects } of others) {
    log?.(
      `${role} holds rights on ${objects} tables and functions beside the table of grants; to let it read: grant rollout_reader to ${role}; then revoke them: rollout migrate --grants`
    );
  }
  for (const role of creators) {
    log?.(
      `${role} may create tables and functions in schema public: revoke create on schema public from ${role}`
    );
  }
}
var quiet = { debug: () => {
}, info: () => {
}, warn: () => {
}, error: () => {
} };
var ROLES_MISSING = "RC001";
async function refuseOldServer(client) {
  const { rows } = await client.query(
    `select current_setting('server_version_num') as number, current_setting('server_version') as version`
  );
  if (Number(rows[0]?.number) >= OLDEST_SERVER) return;
  throw new RolloutError("database_incompatible", `the server is PostgreSQL ${rows[0]?.version}`, {
    hint: "PostgreSQL 14 or newer is needed"
  });
}
function explainMigration(error) {
  if (!(error instanceof Error) || error instanceof RolloutError) return error;
  const { code, hint, detail } = error;
  const refused = NO_PLACE.exec(error.message);
  if (refused) {
    return new RolloutError("database_refused", `this role may not migrate: ${refused[1]}`, {
      hint: "use the DATABASE_URL of the owner of the database, or grant this role: create on schema public",
      cause: error
    });
  }
  if (isLockTimeout(error)) {
    return new RolloutError("busy", "the migration waited too long for a lock of another session", {
      hint: "nothing was changed; run the command again, when long transactions are over",
      cause: error
    });
  }
  const message = [error.message, detail?.slice(0, LONGEST_DETAIL)].filter(Boolean).join(": ");
  return new RolloutError("database_incompatible", `the database could not be migrated: ${message}`, {
    hint: code === RAISED && hint || "nothing was changed; fix what the message names and run: rollout migrate",
    cause: error
  });
}

// src/compose/environment/database-server.ts
var EXAMPLE = "it looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE, special characters in it percent-encoded";
function refuseMalformed(connectionString) {
  const url = parseDatabaseUrl(connectionString);
  const torn = url !== null && [url.hash.slice(1) && "@", url.pathname, url.search].some((part) => part.includes("@"));
  if (url === null || torn) {
    throw new RolloutError("usage", "DATABASE_URL is not a PostgreSQL URL", { hint: EXAMPLE });
  }
  if (url.searchParams.has("service")) {
    throw new RolloutError("usage", "DATABASE_URL names a service, and service files are not read", {
      hint: "put host, user and database of the service into DATABASE_URL"
    });
  }
  if (url.hostname.includes(",")) {
    throw new RolloutError("usage", "DATABASE_URL names several hosts, and one is supported", {
      hint: "name the one that takes writes, or a proxy that finds it"
    });
  }
}
function refuseUnset({ DATABASE_URL, PGSERVICE }) {
  if (DATABASE_URL !== void 0) {
    throw new RolloutError("usage", "DATABASE_URL is set and empty", {
      hint: "set it to postgresql://USER:PASSWORD@HOST:5432/DATABASE, or unset it for the embedded database beside the file"
    });
  }
  if (PGSERVICE?.trim()) {
    throw new RolloutError("usage", "PGSERVICE is set, and service files are not read", {
      hint: "set DATABASE_URL to the database of that service, or unset PGSERVICE for the embedded database beside the file"
    });
  }
}
async function refusePending(pool) {
  const { pending } = await migrationStatus(pool);
  if (pending.length === 0) return;
  throw new RolloutError(
    "database_not_migrated",
    `the database lacks ${pending.length} ${pending.length === 1 ? "migration" : "migrations"} of this version (${pending[0]} ...)`,
    { hint: "run: rollout migrate" }
  );
}

export {
  isClash,
  translated,
  sqlState,
  LIMITS,
  PATIENT_LIMITS,
  openPool,
  connect,
  soonAnswered,
  transaction,
  readOnly,
  singly,
  limited,
  migrationsFolder,
  migrate,
  pendingMigrations,
  migrationStatus,
  keepRights,
  explainMigration,
  refuseMalformed,
  refuseUnset,
  refusePending
};
