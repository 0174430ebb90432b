import { type Call, found, pageUrl, Refusal, type Routes, repoUrl, textIn } from './answers.ts';
import { type Comment, type Issue, nodeId, now, type Pull, userOf } from './state.ts';

const LONGEST_BODY = 65_536;

export const issueRoutes: Routes = {
  'issues/list-for-repo'(call) {
    const { repo, query } = call;
    const state = query.state ?? 'open';
    const labels = query.labels?.split(',') ?? [];
    const since = query.since === undefined ? 0 : Date.parse(query.since);
    // Pull requests are issues too.
    const wanted = [...repo.issues, ...repo.pulls].filter(
      (one) =>
        (state === 'all' || one.state === state) &&
        labels.every((label) => one.labels.includes(label)) &&
        (query.creator === undefined || one.user.login === query.creator) &&
        Date.parse(one.updated_at) >= since,
    );
    const ascending = query.direction === 'asc';
    const sorted = wanted.sort((a, b) => (ascending ? a.number - b.number : b.number - a.number));
    return { status: 200, list: sorted.map((one) => issueBody(call, one)) };
  },

  'issues/create'(call) {
    const { repo, caller, body } = call;
    const issue: Issue = {
      ...{ number: repo.nextNumber(), title: textIn(body, 'title') ?? '', body: bodyIn(call) ?? null },
      ...{ state: 'open', state_reason: null, user: caller, labels: labelsIn(body), assignees: [] },
      ...{ created_at: now(), updated_at: now(), closed_at: null },
    };
    for (const name of issue.labels) ensureLabel(call, name);
    repo.issues.push(issue);
    return { status: 201, body: issueBody(call, issue) };
  },

  'issues/get': (call) => ({ status: 200, body: issueBody(call, issueIn(call)) }),

  'issues/update'(call) {
    const { body } = call;
    const issue = issueIn(call);
    if (body.title !== undefined) issue.title = String(body.title);
    if (body.body !== undefined) issue.body = bodyIn(call) ?? null;
    if (body.labels !== undefined) issue.labels = labelsIn(body);
    if (body.state === 'closed' || body.state === 'open') {
      issue.state = body.state;
      issue.closed_at = body.state === 'closed' ? now() : null;
      if ('state_reason' in issue)
        issue.state_reason =
          body.state === 'closed' ? (textIn(body, 'state_reason') ?? 'completed') : 'reopened';
    }
    issue.updated_at = now();
    return { status: 200, body: issueBody(call, issue) };
  },

  'issues/add-assignees'(call) {
    const { repo, body } = call;
    const issue = issueIn(call);
    // GitHub leaves out without a word whoever may not be assigned.
    const may = ((body.assignees ?? []) as string[]).filter(
      (login) => !repo.collaborators || repo.collaborators.includes(login),
    );
    issue.assignees = [...new Set([...issue.assignees, ...may])];
    return { status: 201, body: issueBody(call, issue) };
  },

  'issues/list-comments'(call) {
    const { number } = issueIn(call);
    const list = call.repo.comments.filter((comment) => comment.number === number);
    return { status: 200, list: list.map((comment) => commentBody(call, comment)) };
  },

  'issues/create-comment'(call) {
    const { repo, caller } = call;
    const issue = issueIn(call);
    const comment: Comment = {
      ...{ id: repo.nextId(), number: issue.number, body: bodyIn(call) ?? '', user: caller },
      ...{ created_at: now(), updated_at: now() },
    };
    issue.updated_at = now();
    repo.comments.push(comment);
    return { status: 201, body: commentBody(call, comment) };
  },

  'issues/get-comment': (call) => ({ status: 200, body: commentBody(call, commentIn(call)) }),

  'issues/update-comment'(call) {
    const comment = commentIn(call);
    comment.body = bodyIn(call) ?? '';
    comment.updated_at = now();
    return { status: 200, body: commentBody(call, comment) };
  },

  'issues/delete-comment'(call) {
    const comment = commentIn(call);
    call.repo.comments = call.repo.comments.filter((one) => one !== comment);
    return { status: 204 };
  },

  'issues/get-label'(call) {
    const label = found(call.repo.labels.find(({ name }) => name === call.params.name));
    return { status: 200, body: labelBody(call, label) };
  },

  'issues/create-label'(call) {
    const { repo, body } = call;
    const name = textIn(body, 'name') ?? '';
    if (repo.labels.some((label) => label.name === name)) {
      throw new Refusal(422, 'Validation Failed', [
        { resource: 'Label', code: 'already_exists', field: 'name' },
      ]);
    }
    const label = {
      name,
      color: textIn(body, 'color') ?? 'ededed',
      description: textIn(body, 'description') ?? null,
    };
    repo.labels.push(label);
    return { status: 201, body: labelBody(call, label) };
  },
};

function bodyIn({ body }: Call): string | undefined {
  const text = textIn(body, 'body');
  if (text !== undefined && text.length > LONGEST_BODY) {
    const message = `body is too long (maximum is ${LONGEST_BODY} characters)`;
    throw new Refusal(422, 'Validation Failed', [
      { resource: 'Issue', code: 'custom', field: 'body', message },
    ]);
  }
  return text;
}

function labelsIn(body: Call['body']): string[] {
  return ((body.labels ?? []) as (string | { name: string })[]).map((one) =>
    typeof one === 'string' ? one : one.name,
  );
}

function ensureLabel({ repo }: Call, name: string): void {
  if (!repo.labels.some((label) => label.name === name))
    repo.labels.push({ name, color: 'ededed', description: null });
}

function issueIn({ repo, params }: Call): Issue | Pull {
  const number = Number(params.issue_number);
  return found([...repo.issues, ...repo.pulls].find((one) => one.number === number));
}

function commentIn({ repo, params }: Call): Comment {
  return found(repo.comments.find(({ id }) => id === Number(params.comment_id)));
}

function labelBody(call: Call, { name, color, description }: Call['repo']['labels'][number]) {
  const url = `${repoUrl(call)}/labels/${encodeURIComponent(name)}`;
  return { id: 1, node_id: nodeId(call.repo, 'Label', name), url, name, color, description, default: false };
}

function issueBody(call: Call, issue: Issue | Pull) {
  const { repo } = call;
  const pull = 'head' in issue;
  const labels = issue.labels.map((name) =>
    labelBody(
      call,
      repo.labels.find((label) => label.name === name) ?? { name, color: 'ededed', description: null },
    ),
  );
  return {
    ...{ id: issue.number, node_id: nodeId(repo, 'Issue', issue.number), number: issue.number },
    ...{ url: `${repoUrl(call)}/issues/${issue.number}`, repository_url: repoUrl(call) },
    html_url: `${pageUrl(call)}/${pull ? 'pull' : 'issues'}/${issue.number}`,
    ...{ title: issue.title, body: issue.body, state: issue.state, user: userOf(issue.user), labels },
    author_association: associationOf(issue.user),
    assignees: issue.assignees.map((login) => userOf({ login, type: 'User' })),
    ...(pull ? {} : { state_reason: issue.state_reason }),
    comments: repo.comments.filter(({ number }) => number === issue.number).length,
    ...{ created_at: issue.created_at, updated_at: issue.updated_at, closed_at: issue.closed_at },
    ...(pull
      ? {
          pull_request: {
            url: `${repoUrl(call)}/pulls/${issue.number}`,
            html_url: null,
            diff_url: null,
            patch_url: null,
          },
        }
      : {}),
  };
}

/** Who may do everything belongs to the repository; a bot never does. */
function associationOf({ type, admin }: Issue['user']): string {
  return type === 'User' && admin ? 'MEMBER' : 'NONE';
}

function commentBody(call: Call, comment: Comment) {
  const { id, number, body, user, created_at, updated_at } = comment;
  return {
    ...{
      id,
      node_id: nodeId(call.repo, 'IssueComment', id),
      body,
      user: userOf(user),
      created_at,
      updated_at,
    },
    ...{ url: `${repoUrl(call)}/issues/comments/${id}`, issue_url: `${repoUrl(call)}/issues/${number}` },
    html_url: `${pageUrl(call)}/issues/${number}#issuecomment-${id}`,
    author_association: associationOf(user),
  };
}
