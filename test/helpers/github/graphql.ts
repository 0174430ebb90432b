import {
  buildSchema,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  graphql,
  parse,
} from 'graphql';
import { type Caller, may } from './caller.ts';
import { forbidden } from './protection.ts';
import { gitAuthorOf, type Hosted, nodeId, type Pull, settlePulls } from './state.ts';

/** What a request to /graphql brings. */
export interface Query {
  query: string;
  variables?: Record<string, unknown>;
}

interface CommitInput {
  branch: { repositoryNameWithOwner?: string; branchName?: string };
  expectedHeadOid: string;
  message: { headline: string; body?: string };
  fileChanges?: { additions?: { path: string; contents: string }[]; deletions?: { path: string }[] };
}

interface RefsInput {
  repositoryId: string;
  refUpdates: { name: string; afterOid: string; beforeOid?: string; force?: boolean }[];
}

let built: GraphQLSchema | null = null;

/** GitHub's published schema. Building it takes a third of a second, so it is done before anything waits for an answer. */
export async function githubSchema(): Promise<GraphQLSchema> {
  if (built) return built;
  const { schema } = await import('@octokit/graphql-schema');
  built = buildSchema(schema.idl, { assumeValid: true, assumeValidSDL: true, noLocation: true });
  return built;
}

/** The field that a request asks for first, by which faults find it: `createCommitOnBranch`. */
export function fieldOf({ query }: Query): string {
  try {
    const [definition] = parse(query).definitions;
    const [field] = definition?.kind === 'OperationDefinition' ? definition.selectionSet.selections : [];
    return field?.kind === 'Field' ? field.name.value : '';
  } catch {
    return '';
  }
}

export interface QueryResult {
  data?: unknown;
  errors?: unknown[];
}

/** Runs a query against the schema; what does not fit it is a violation of ours, reported in `problems`. */
export async function answerQuery(
  request: Query,
  caller: Caller,
  find: (name: string) => Hosted | undefined,
  server: string,
): Promise<{ result: QueryResult; problems: string[] }> {
  const rootValue = {
    viewer: () => ({ login: caller.login }),
    repository: (args: { owner: string; name: string }) => repositoryField(args, caller, find),
    createCommitOnBranch: ({ input }: { input: CommitInput }) => createCommit(input, caller, find, server),
    updateRefs: ({ input }: { input: RefsInput }) => updateRefs(input, caller, find),
  };
  const result = await graphql({
    schema: await githubSchema(),
    source: request.query,
    ...(request.variables ? { variableValues: request.variables } : {}),
    rootValue,
  });
  const errors = result.errors?.map((error) => error.toJSON()) ?? [];
  // What our resolvers refuse carries a type; everything else is the query's fault.
  const problems = errors.filter((error) => !typeOf(error)).map(({ message }) => message);
  return {
    result: {
      ...(result.data === undefined ? {} : { data: result.data }),
      ...(errors.length > 0 ? { errors: errors.map(asGithub) } : {}),
    },
    problems,
  };
}

/** A repository with the fields that are asked of it here. */
function repositoryField(
  { owner, name }: { owner: string; name: string },
  caller: Caller,
  find: (name: string) => Hosted | undefined,
) {
  const repo = find(`${owner}/${name}`);
  if (!repo) throw refuse('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  return {
    async pullRequests({ baseRefName, first }: { baseRefName?: string; first: number }) {
      if (!may(caller, 'graphql/pullRequests')) {
        throw refuse('FORBIDDEN', 'Resource not accessible by integration');
      }
      const open = repo.pulls
        .filter(({ state, base }) => state === 'open' && (baseRefName === undefined || base === baseRefName))
        .sort((a, b) => b.number - a.number)
        .slice(0, first);
      return { nodes: await Promise.all(open.map((pull) => pullNode(repo, pull))) };
    },
  };
}

/** The trial merge is made when it is asked for; what conflicts has none. */
async function pullNode({ bare }: Hosted, pull: Pull) {
  const base = (await bare.commitAt(`refs/heads/${pull.base}`)) ?? pull.base_sha;
  const tried = pull.tried ?? pull.head_sha;
  const tree = await bare.mergedTree(base, tried);
  const author = { name: 'GitHub', email: 'noreply@github.com' };
  const message = `Merge ${tried} into ${base}`;
  const oid = tree && (await bare.writeCommit(tree, [base, tried], message, author));
  const fork = await bare.text('merge-base', base, pull.head_sha);
  const paths = await bare.text('diff', '--name-only', fork.trim(), pull.head_sha);
  return {
    ...{ number: pull.number, headRefOid: pull.head_sha, isCrossRepository: pull.fork !== null },
    mergeable: oid === null ? 'CONFLICTING' : 'MERGEABLE',
    potentialMergeCommit: oid && { oid, parents: { nodes: [{ oid: base }, { oid: tried }] } },
    files: {
      nodes: paths
        .split('\n')
        .filter((path) => path !== '')
        .map((path) => ({ path })),
      pageInfo: { hasNextPage: false },
    },
  };
}

function typeOf({ extensions }: GraphQLFormattedError): string | undefined {
  const type = extensions?.type;
  return typeof type === 'string' ? type : undefined;
}

/** GitHub has the type beside the message. */
function asGithub(error: GraphQLFormattedError) {
  const { message, path, locations } = error;
  return { type: typeOf(error), path, locations, message };
}

function refuse(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

async function createCommit(
  { branch, expectedHeadOid, message, fileChanges }: CommitInput,
  caller: Caller,
  find: (name: string) => Hosted | undefined,
  server: string,
) {
  const repo = find(branch.repositoryNameWithOwner ?? '');
  if (!repo) {
    throw refuse(
      'NOT_FOUND',
      `Could not resolve to a Repository with the name '${branch.repositoryNameWithOwner}'.`,
    );
  }
  if (!may(caller, 'graphql/createCommitOnBranch'))
    throw refuse('FORBIDDEN', 'Resource not accessible by integration');
  const { bare } = repo;
  const ref = `refs/heads/${branch.branchName}`;
  const tip = await bare.commitAt(ref);
  if (tip === null) throw refuse('NOT_FOUND', `No such branch: ${branch.branchName}`);
  const stale = refuse(
    'STALE_DATA',
    `Expected branch to point to "${tip}" but it did not.  Pull and try again.`,
  );
  if (tip !== expectedHeadOid) throw stale;
  const rule = forbidden(repo, caller, branch.branchName ?? '');
  if (rule !== null) {
    // Only classic protection has a type of its own.
    const type =
      repo.protections.get(branch.branchName ?? '') === 'classic'
        ? 'BRANCH_PROTECTION_RULE_VIOLATION'
        : 'UNPROCESSABLE';
    throw refuse(type, rule);
  }
  const added = (fileChanges?.additions ?? []).map(({ path, contents }) => [
    path,
    Buffer.from(contents, 'base64'),
  ]);
  const deleted = (fileChanges?.deletions ?? []).map(({ path }) => [path, null]);
  const tree = await bare.writeTree(tip, Object.fromEntries([...added, ...deleted]));
  const text = message.body ? `${message.headline}\n\n${message.body}` : message.headline;
  const commit = await bare.writeCommit(tree, [tip], text, gitAuthorOf(caller));
  if (!(await bare.move(ref, commit, tip))) throw stale;
  await settlePulls(repo);
  const url = `${server}/${repo.owner}/${repo.name}/commit/${commit}`;
  return {
    commit: { id: nodeId(repo, 'Commit', commit), oid: commit, url },
    ref: { name: branch.branchName },
  };
}

/** One ref at a time, which is all that is asked of it here. */
async function updateRefs(
  { repositoryId, refUpdates }: RefsInput,
  caller: Caller,
  find: (name: string) => Hosted | undefined,
) {
  const repo = find(repositoryId);
  const [update] = refUpdates;
  if (!repo || !update)
    throw refuse('NOT_FOUND', `Could not resolve to a node with the global id of '${repositoryId}'`);
  if (!may(caller, 'graphql/updateRefs')) throw refuse('FORBIDDEN', 'Resource not accessible by integration');
  const { bare } = repo;
  const { name, afterOid, beforeOid, force } = update;
  const rule = forbidden(repo, caller, name.replace('refs/heads/', ''));
  if (rule !== null) throw refuse('UNPROCESSABLE', rule);
  const now = await bare.commitAt(name);
  const moved = refuse('UNPROCESSABLE', `Expected ${name} to point to ${beforeOid} but it points to ${now}.`);
  if (beforeOid !== undefined && now !== beforeOid) throw moved;
  if (now !== null && force !== true && !(await bare.isAncestor(now, afterOid)))
    throw refuse('UNPROCESSABLE', 'Update is not a fast forward');
  if (!(await bare.move(name, afterOid, now))) throw moved;
  await settlePulls(repo);
  return { clientMutationId: null };
}
