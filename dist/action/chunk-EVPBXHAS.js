import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import {
  esm_default
} from "./chunk-ONQZMICL.js";

// src/store/ssl-mode.ts
var TAKEN_FOR_VERIFY_FULL = /([?&]sslmode=)(?:prefer|require|verify-ca)(?=[&#]|$)/g;
function withCertificateChecked(connectionString) {
  if (/[?&]uselibpqcompat=true(?=[&#]|$)/.test(connectionString)) return connectionString;
  return connectionString.replace(TAKEN_FOR_VERIFY_FULL, "$1verify-full");
}

// src/store/translated.ts
var CLASH_CODES = /* @__PURE__ */ new Set(["40001", "40P01", "55P03"]);
async function translated(work) {
  try {
    return await work();
  } catch (error) {
    throw translate(error);
  }
}
function translate(error) {
  if (error instanceof RolloutError || CLASH_CODES.has(sqlState(error))) return error;
  const message = messageOf(error);
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
    // The driver's word for it is "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string".
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
    code: ["42501", "25006"],
    as: "database_refused",
    say: (message) => `this role may not do that: ${message}`,
    hint: "use the DATABASE_URL of a role that is a member of rollout_controller"
  },
  {
    code: [
      ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ECONNRESET"],
      // A socket, or a certificate that DATABASE_URL names.
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
    // As it stands in a text, and as an escape in JSON.
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
      ...["57P01", "57P02", "57P03", "57P05", "25P03", "57014", "53100", "53200", "53300", "53400"],
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
function messageOf(error) {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

// src/store/client.ts
var ATTEMPTS = 5;
var CONNECT_TIMEOUT_MS = 1e4;
function openPool(connectionString, applicationName = "rollout", rest = {}) {
  const pool = new esm_default.Pool({
    connectionString: withCertificateChecked(connectionString),
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
  const client = new esm_default.Client({
    connectionString: withCertificateChecked(connectionString),
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
async function transaction(pool, claim, work) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(pool, "begin", async (client) => {
        await claimChange(client, claim);
        return work(client);
      });
    } catch (error) {
      if (attempt === ATTEMPTS || !CLASH_CODES.has(sqlState(error))) throw error;
    }
  }
}
function readOnly(pool, work) {
  return inTransaction(pool, "begin isolation level repeatable read read only", work);
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

// src/store/migrate.ts
import { readdirSync } from "node:fs";
import { join } from "node:path";
var DIRECTORY = join(import.meta.dirname, "..", "..", "migrations");
var TABLE = "rollout_migrations";
var OLDEST_SERVER = 14e4;
var RAISED = "P0001";
var LONGEST_DETAIL = 300;
var NO_PLACE = /^Unable to ensure migrations table: error: (permission denied.*|.*read-only transaction)$/m;
async function migrate(client, options = {}) {
  await refuseOldServer(client);
  const notices = [];
  const onNotice = (notice) => notices.push(notice.message ?? "");
  client.on("notice", onNotice);
  const { runner } = await import("./bundle-7L534B6O.js");
  try {
    const applied = await runner({
      dbClient: client,
      dir: DIRECTORY,
      direction: "up",
      // Whatever the role's own search_path puts first.
      schema: "public",
      migrationsTable: TABLE,
      // Undefined by default, and then a failing file leaves the client in an aborted transaction.
      singleTransaction: true,
      advisoryLockMode: "wait",
      log: () => {
      },
      logger: quiet
    });
    for (const notice of notices.filter(isOurs)) options.log?.(notice);
    return applied.map(({ name }) => name);
  } catch (error) {
    throw explain(error);
  } finally {
    client.off("notice", onNotice);
  }
}
async function migrationStatus(client) {
  const files = readdirSync(DIRECTORY).filter((file) => file.endsWith(".sql")).map((file) => file.slice(0, -".sql".length)).sort();
  const known = await client.query(`select to_regclass($1) is not null as exists`, [
    `public.${TABLE}`
  ]);
  if (!known.rows[0]?.exists) return { applied: [], pending: files };
  const { rows } = await client.query(`select name from public.${TABLE} order by id`);
  const applied = rows.map(({ name }) => name);
  return { applied, pending: files.filter((file) => !applied.includes(file)) };
}
var quiet = { debug: () => {
}, info: () => {
}, warn: () => {
}, error: () => {
} };
function isOurs(notice) {
  return notice.startsWith("the roles ");
}
async function refuseOldServer(client) {
  const { rows } = await client.query(
    `select current_setting('server_version_num') as number, current_setting('server_version') as version`
  );
  if (Number(rows[0]?.number) >= OLDEST_SERVER) return;
  throw new RolloutError("database_incompatible", `the server is PostgreSQL ${rows[0]?.version}`, {
    hint: "PostgreSQL 14 or newer is needed"
  });
}
function explain(error) {
  if (!(error instanceof Error)) return error;
  const { code, hint, detail } = error;
  const refused = NO_PLACE.exec(error.message);
  if (refused) {
    return new RolloutError("database_refused", `this role may not migrate: ${refused[1]}`, {
      hint: "use the DATABASE_URL of the owner of the database, or grant this role: create on schema public",
      cause: error
    });
  }
  const message = [error.message, detail?.slice(0, LONGEST_DETAIL)].filter(Boolean).join(": ");
  return new RolloutError("database_incompatible", `the database could not be migrated: ${message}`, {
    hint: code === RAISED && hint || "nothing was changed; mend what the message names and run: rollout migrate",
    cause: error
  });
}

// src/compose/server.ts
function refuseMalformed(connectionString) {
  if (URL.canParse(connectionString)) {
    const { protocol, pathname, search, hash } = new URL(connectionString);
    const torn = hash !== "" || pathname.includes("@") || search.includes("@");
    if ((protocol === "postgres:" || protocol === "postgresql:") && !torn) return;
  }
  throw new RolloutError("usage", "DATABASE_URL is not a PostgreSQL URL", {
    hint: "it looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE, special characters in it percent-encoded"
  });
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
  CLASH_CODES,
  translated,
  openPool,
  connect,
  soonAnswered,
  transaction,
  readOnly,
  migrate,
  migrationStatus,
  refuseMalformed,
  refusePending
};
