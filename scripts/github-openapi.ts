import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Cuts GitHub's published description of its REST interface to the operations that are used here, without the
 * prose, and writes test/fixtures/github/openapi.json. Run it to renew that file:
 *
 *     npx tsx scripts/github-openapi.ts
 *
 * The package has 385 MB, so it is no dependency: it is packed into a temporary folder and thrown away.
 */
const PACKAGE = '@octokit/openapi@23.0.2';
const TARGET = join(import.meta.dirname, '..', 'test', 'fixtures', 'github', 'openapi.json');

const REPOSITORY = '/repos/{owner}/{repo}';

/** What the controller, the action and the tests that stand in for people ask of GitHub. */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  '/user': ['get'],
  '/rate_limit': ['get'],
  [REPOSITORY]: ['get'],
  [`${REPOSITORY}/actions/permissions/workflow`]: ['get'],
  [`${REPOSITORY}/actions/runs`]: ['get'],
  [`${REPOSITORY}/actions/workflows`]: ['get'],
  [`${REPOSITORY}/actions/workflows/{workflow_id}`]: ['get'],
  [`${REPOSITORY}/actions/workflows/{workflow_id}/dispatches`]: ['post'],
  [`${REPOSITORY}/actions/workflows/{workflow_id}/runs`]: ['get'],
  [`${REPOSITORY}/branches/{branch}`]: ['get'],
  [`${REPOSITORY}/branches/{branch}/protection`]: ['get'],
  [`${REPOSITORY}/check-runs`]: ['post'],
  [`${REPOSITORY}/check-runs/{check_run_id}`]: ['patch'],
  [`${REPOSITORY}/commits`]: ['get'],
  [`${REPOSITORY}/commits/{ref}`]: ['get'],
  [`${REPOSITORY}/commits/{ref}/check-runs`]: ['get'],
  [`${REPOSITORY}/commits/{commit_sha}/pulls`]: ['get'],
  [`${REPOSITORY}/compare/{basehead}`]: ['get'],
  [`${REPOSITORY}/contents/{path}`]: ['get', 'put'],
  [`${REPOSITORY}/deployments`]: ['get', 'post'],
  [`${REPOSITORY}/deployments/{deployment_id}/statuses`]: ['get', 'post'],
  [`${REPOSITORY}/environments`]: ['get'],
  [`${REPOSITORY}/git/blobs`]: ['post'],
  [`${REPOSITORY}/git/blobs/{file_sha}`]: ['get'],
  [`${REPOSITORY}/git/commits`]: ['post'],
  [`${REPOSITORY}/git/commits/{commit_sha}`]: ['get'],
  [`${REPOSITORY}/git/ref/{ref}`]: ['get'],
  [`${REPOSITORY}/git/refs`]: ['post'],
  [`${REPOSITORY}/git/refs/{ref}`]: ['patch', 'delete'],
  [`${REPOSITORY}/git/trees`]: ['post'],
  [`${REPOSITORY}/git/trees/{tree_sha}`]: ['get'],
  [`${REPOSITORY}/issues`]: ['get', 'post'],
  [`${REPOSITORY}/issues/{issue_number}`]: ['get', 'patch'],
  [`${REPOSITORY}/issues/{issue_number}/assignees`]: ['post'],
  [`${REPOSITORY}/issues/{issue_number}/comments`]: ['get', 'post'],
  [`${REPOSITORY}/issues/comments/{comment_id}`]: ['get', 'patch', 'delete'],
  [`${REPOSITORY}/labels`]: ['post'],
  [`${REPOSITORY}/labels/{name}`]: ['get'],
  [`${REPOSITORY}/pulls`]: ['get', 'post'],
  [`${REPOSITORY}/pulls/{pull_number}`]: ['get', 'patch'],
  [`${REPOSITORY}/pulls/{pull_number}/merge`]: ['put'],
  [`${REPOSITORY}/pulls/{pull_number}/requested_reviewers`]: ['post'],
  [`${REPOSITORY}/rules/branches/{branch}`]: ['get'],
  [`${REPOSITORY}/rulesets`]: ['get'],
};

/** What says nothing about whether a request or an answer is right. */
const PROSE = new Set([
  ...['description', 'summary', 'example', 'examples', 'externalDocs', 'tags', 'title', 'default'],
  ...['deprecated', 'links', 'headers', 'readOnly', 'writeOnly', 'xml', 'contentEncoding'],
]);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Names = Record<string, Json>;

/** `named`: the keys are names that somebody chose, such as those of properties, not words of the language. */
function stripped(value: Json, named = false): Json {
  if (Array.isArray(value)) return value.map((one) => stripped(one));
  if (value === null || typeof value !== 'object') return value;
  const kept: Names = {};
  for (const [key, one] of Object.entries(value)) {
    if (!named && (PROSE.has(key) || key.startsWith('x-') || key === 'nullable')) continue;
    if (!named && (key === 'enum' || key === 'required')) kept[key] = one;
    else kept[key] = stripped(one, !named && (key === 'properties' || key === 'patternProperties'));
  }
  return !named && value.nullable === true ? nullable(kept) : kept;
}

/** OpenAPI 3.0 says `nullable: true`, JSON Schema has a type for it. */
function nullable(schema: Names): Json {
  const { type, enum: values, ...rest } = schema;
  if (typeof type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  return { type: [type, 'null'], ...(Array.isArray(values) ? { enum: [...values, null] } : {}), ...rest };
}

function referencesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (value === null || typeof value !== 'object') return [];
  const own = typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

function at(root: Json, path: readonly string[]): Json {
  let here = root;
  for (const name of path) {
    if (here === null || typeof here !== 'object' || Array.isArray(here)) return null;
    here = here[name] ?? null;
  }
  return here;
}

function put(root: Names, path: readonly string[], value: Json): void {
  let here = root;
  for (const name of path.slice(0, -1)) {
    const next = here[name];
    if (next && typeof next === 'object' && !Array.isArray(next)) here = next;
    else {
      const made: Names = {};
      here[name] = made;
      here = made;
    }
  }
  const last = path.at(-1);
  if (last !== undefined) here[last] = value;
}

/** The parts of an operation that are checked: its parameters, what it is sent and what it answers, as JSON. */
function operationOf(operation: Json): Json {
  const { operationId, parameters, requestBody, responses } = (stripped(operation) ?? {}) as Names;
  return {
    ...(operationId === undefined ? {} : { operationId }),
    parameters: parameters ?? [],
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: responses ?? {},
  };
}

function cut(whole: Json): Names {
  const kept: Names = {};
  for (const [path, methods] of Object.entries(OPERATIONS)) {
    for (const method of methods) {
      const operation = at(whole, ['paths', path, method]);
      if (operation === null) throw new Error(`the description has no ${method.toUpperCase()} ${path}`);
      put(kept, ['paths', path, method], operationOf(operation));
    }
  }
  const seen = new Set<string>();
  for (let missing = referencesIn(kept); missing.length > 0; ) {
    for (const reference of missing) {
      seen.add(reference);
      const path = reference.slice(2).split('/');
      put(kept, path, stripped(at(whole, path)));
    }
    missing = [...new Set(referencesIn(kept))].filter((one) => !seen.has(one));
  }
  return kept;
}

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'github-openapi-'));
try {
  const { stdout } = await run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', folder]);
  const member = 'package/generated/api.github.com.json';
  await run('tar', ['xzf', join(folder, stdout.trim()), '-C', folder, member, 'package/package.json']);
  const manifest = JSON.parse(await readFile(join(folder, 'package', 'package.json'), 'utf8'));
  const whole = JSON.parse(await readFile(join(folder, member), 'utf8'));
  const source = {
    what: 'GitHub v3 REST API, cut to the operations used here, without prose and examples',
    package: `${manifest.name}@${manifest.version}`,
    url: 'https://github.com/octokit/openapi',
    licence: 'MIT, Copyright (c) 2020 Octokit contributors',
    made_by: 'scripts/github-openapi.ts',
  };
  await writeFile(TARGET, `${JSON.stringify({ source, ...cut(whole) })}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
