import { describe, expect, it } from 'vitest';
import { fakeGithub } from '../helpers/github/index.ts';
import { roomOn } from '../helpers/projects/github-world.ts';

const github = await fakeGithub();
const shop = await github.repository('acme/shop', {
  files: { 'rollout.yaml': 'version: 1\n', 'deep/er/rollout.yaml': '\ufeffdeep: true\r\n' },
});
const room = roomOn(github, 'acme/shop');

function change(edit: (text: string) => string, via: 'commit' | 'pull_request' | 'file' = 'commit') {
  const words = { title: 'Change', body: 'Because.', branch: 'rollout/set/one' };
  return {
    edit: (text: string) => ({ text: edit(text) }),
    via,
    ...words,
    trailers: ['Rollout-Feature: one', 'Rollout-History: abc'],
  };
}

describe('the file on GitHub', () => {
  it('the file is read at the tip of the default branch, byte for byte, at any folder depth', async () => {
    const tip = await room.configuration.readTip();
    expect(tip).toMatchObject({ path: 'rollout.yaml', revision: await shop.tip() });
    expect(Buffer.from(tip.content).toString()).toBe('version: 1\n');
    const deep = roomOn(github, 'acme/shop', { path: 'deep/er/rollout.yaml' });
    expect(Buffer.from((await deep.configuration.readTip()).content).toString()).toBe('\ufeffdeep: true\r\n');
    await deep.configuration.change(change((text) => text.replace('true', 'false')));
    expect(await shop.file('deep/er/rollout.yaml')).toBe('\ufeffdeep: false\r\n');
  });

  it('the file can be read at any commit, and is null where it does not exist', async () => {
    const at = async (path: string) => roomOn(github, 'acme/shop', { path }).fileAt((await shop.tip()) ?? '');
    expect(Buffer.from((await at('deep/er/rollout.yaml')) ?? '').toString()).toContain('deep: ');
    expect(await at('nowhere/rollout.yaml')).toBeNull();
  });

  it('the file is read from the default branch, whatever its name is', async () => {
    const other = await github.repository('acme/trunk', {
      files: { 'rollout.yaml': 't\n' },
      defaultBranch: 'trunk',
    });
    const tip = await roomOn(github, 'acme/trunk').configuration.readTip();
    expect(tip.revision).toBe(await other.tip('trunk'));
  });

  it('a missing file, an empty repository and a missing repository each give an error with the next command', async () => {
    const of = (path: string, name = 'acme/shop') => roomOn(github, name, { path }).configuration.readTip();
    await expect(of('other.yaml')).rejects.toMatchObject({
      code: 'file_missing',
      message: expect.stringContaining('other.yaml is not in'),
    });
    await expect(of('deep/rollout.yaml')).rejects.toMatchObject({ code: 'file_missing' });
    await github.repository('acme/empty');
    await expect(of('rollout.yaml', 'acme/empty')).rejects.toMatchObject({
      code: 'revision_refused',
      hint: expect.stringContaining('commit'),
    });
    await expect(of('rollout.yaml', 'acme/nowhere')).rejects.toMatchObject({
      code: 'github_refused',
      message: 'reading rollout.yaml of acme/nowhere: GitHub answered 404: Not Found',
      hint: expect.stringContaining('GITHUB_REPOSITORY'),
    });
  });

  it('a change is committed once, and the result names the commit that made it', async () => {
    const add = change((text) => (text.includes('one') ? text : `${text}one\n`));
    const made = await room.configuration.change(add);
    expect(made).toEqual({ state: 'committed', commit: await shop.tip() });
    expect(await room.configuration.change(add)).toEqual({ state: 'unchanged', commit: await shop.tip() });
    const others = { ...add, trailers: ['Rollout-Feature: one', 'Rollout-History: def'] };
    expect(await room.configuration.change(others)).toEqual({ state: 'unchanged', commit: null });
  });

  it('a change whose answer was lost is recognised as our own commit', async () => {
    github.fault({ on: 'graphql/createCommitOnBranch', lost: true });
    const made = await room.configuration.change(change((text) => `${text.replace('lost\n', '')}lost\n`));
    expect(made).toEqual({ state: 'committed', commit: await shop.tip() });
  });

  it('a change that can only edit a local file is refused on GitHub', async () => {
    await expect(room.configuration.change(change((text) => text, 'file'))).rejects.toMatchObject({
      code: 'usage',
    });
  });

  it('the file stays as it is when the edit refuses or when the file is not text', async () => {
    const before = await shop.tip();
    const refused = { message: 'no' };
    for (const via of ['commit', 'pull_request'] as const) {
      const refusing = { ...change((text) => text, via), edit: () => ({ refused }) };
      expect(await room.configuration.change(refusing)).toEqual({ state: 'refused', refused });
    }
    const { configuration } = roomOn(github, 'acme/bytes');
    await github.repository('acme/bytes', { files: { 'rollout.yaml': Buffer.from([0xff, 0xfe]) } });
    await expect(configuration.change(change((text) => `${text}x`))).rejects.toMatchObject({
      code: 'edit_refused',
    });
    expect(await shop.tip()).toBe(before);
  });

  it('a change that must be a commit is refused where a branch rule forbids commits', async () => {
    await shop.protect('ruleset');
    const only = { ...change((text) => `${text}two\n`), only_commit: true };
    await expect(room.configuration.change(only)).rejects.toMatchObject({
      code: 'branch_protected',
      message: expect.stringContaining(
        'Repository rule violations found Changes must be made through a pull request.',
      ),
    });
    await shop.protect(null);
  });

  it('the error suggests excluding rollout/** where branch rules forbid the proposal’s branch too', async () => {
    await shop.protect('ruleset', 'rollout/set/one');
    await expect(
      room.configuration.change(change((text) => `${text}x\n`, 'pull_request')),
    ).rejects.toMatchObject({
      code: 'branch_protected',
      hint: expect.stringContaining('rollout/**'),
    });
    await shop.protect(null, 'rollout/set/one');
  });

  it('a proposal shows people’s words as plain text, and withdrawing never touches the default branch', async () => {
    const words = {
      ...change((text) => `${text}x\n`, 'pull_request'),
      body: '@everyone\n```\n<!-- rollout: forged -->',
    };
    expect(await room.configuration.change(words)).toMatchObject({ state: 'proposed' });
    expect(shop.pulls().at(-1)?.body).toBe(
      '<!-- rollout: change Feature=one -->\n````text\n@everyone\n```\n<!-- rollout: forged -->\n````',
    );
    await room.configuration.withdraw('rollout/set/one', 'no more');
    expect(shop.pulls().at(-1)?.state).toBe('closed');
    // Neither is there anything to withdraw, nor is the default branch ever.
    await room.configuration.withdraw('rollout/set/one', 'no more');
    await room.configuration.withdraw('main', 'no more');
    expect(await shop.tip()).not.toBeNull();
  });
});

describe('GitHub Enterprise Server', () => {
  it('requests to GitHub Enterprise Server go to /api/v3 and /api/graphql only', async () => {
    const enterprise = roomOn(github, 'acme/shop', { enterprise: true });
    github.requests.length = 0;
    await enterprise.configuration.change(change((text) => `${text}enterprise\n`));
    await enterprise.comments.put(1, { key: 'enterprise', body: 'hello' });
    const places = new Set(github.requests.map(({ url }) => /^\/api\/(v3|graphql)/.exec(url)?.[0]));
    expect([...places]).toEqual(['/api/v3', '/api/graphql']);
  });
});

describe('a comment of ours', () => {
  it('a comment exists once per key, is edited in place, and is not rewritten when it is unchanged', async () => {
    const number = 1;
    const [text, other] = ['**1 change**\n\n- a', '**2 changes**'];
    expect(await room.comments.put(number, { key: 'plan', body: text })).toMatchObject({ state: 'created' });
    expect(await room.comments.put(number, { key: 'plan', body: text })).toMatchObject({
      state: 'unchanged',
    });
    expect(await room.comments.put(number, { key: 'plan', body: other })).toMatchObject({ state: 'updated' });
    expect(await room.comments.put(number, { key: 'plan staging', body: text })).toMatchObject({
      state: 'created',
    });
    const ours = shop.comments(number).filter(({ body }) => body.startsWith('<!-- rollout: plan'));
    expect(ours.map(({ body }) => body)).toEqual([
      `<!-- rollout: plan -->\n${other}`,
      `<!-- rollout: plan staging -->\n${text}`,
    ]);
  });

  it('our comment is found behind a hundred others, and a stranger’s comment with the same marker is left alone', async () => {
    const pull = await shop.openPull({ head: 'main', title: 'long' });
    shop.say(pull.number, '<!-- rollout: plan -->\nforged');
    for (let n = 0; n < 120; n++) shop.say(pull.number, `${n}`);
    await room.comments.put(pull.number, { key: 'plan', body: 'first' });
    await room.comments.put(pull.number, { key: 'plan', body: 'second' });
    const marked = shop.comments(pull.number).filter(({ body }) => body.includes('rollout: plan'));
    expect(marked.map(({ body, user }) => `${user.login} ${body.split('\n')[1]}`)).toEqual([
      'ada forged',
      'github-actions[bot] second',
    ]);
  });

  it('a long comment is cut at a line end to GitHub’s limit and reports how many characters were left out', async () => {
    const line = `${'x'.repeat(98)}é\n`;
    await room.comments.put(1, { key: 'long', body: line.repeat(1_000) });
    const body = shop.comments(1).at(-1)?.body ?? '';
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.length).toBeGreaterThan(65_300);
    expect(body).toMatch(/xé\n\n_\d+ more characters were left out: GitHub takes no longer text\._$/);
    expect(await room.comments.put(1, { key: 'long', body: line.repeat(1_000) })).toMatchObject({
      state: 'unchanged',
    });
  });

  it('a comment is not written twice when the answer to the first request was lost', async () => {
    github.fault({ on: 'issues/create-comment', lost: true });
    await expect(room.comments.put(1, { key: 'lost', body: 'x' })).rejects.toMatchObject({
      code: 'github_unreachable',
    });
    const again = roomOn(github, 'acme/shop');
    expect(await again.comments.put(1, { key: 'lost', body: 'x' })).toMatchObject({ state: 'unchanged' });
  });
});

describe('what can be found out about a repository', () => {
  it('a repository’s protection, pull request setting and workflows are read, and null where the token may not', async () => {
    shop.workflow({ name: 'health', path: '.github/workflows/health.yml', state: 'disabled_inactivity' });
    shop.allowPullRequests(false);
    const facts = await room.facts();
    expect(facts).toEqual({
      ...{
        default_branch: 'main',
        private: false,
        may_write: true,
        protection: 'none',
        actions_may_create_pull_requests: false,
      },
      workflows: [{ name: 'health', path: '.github/workflows/health.yml', state: 'disabled_inactivity' }],
      environments: [],
    });
    await shop.protect('classic');
    expect((await room.facts()).protection).toBe('classic');
    await shop.protect('ruleset');
    const weak = roomOn(github, 'acme/shop', { token: github.token({ contents: 'read' }) });
    expect(await weak.facts()).toMatchObject({
      may_write: false,
      protection: 'ruleset',
      actions_may_create_pull_requests: null,
      workflows: null,
      environments: null,
    });
  });

  it('the pull request that brought a commit is found with its number, title and author', async () => {
    const other = await github.repository('acme/brought', { files: { 'rollout.yaml': 'a' } });
    await other.commit({ 'rollout.yaml': 'b' }, { branch: 'side' });
    const pull = await other.openPull({ head: 'side', title: 'B', login: 'grace' });
    const merge = await other.mergePull(pull.number, 'squash');
    const { pullRequestOf } = roomOn(github, 'acme/brought');
    expect(await pullRequestOf(merge)).toEqual({ number: pull.number, title: 'B', author: 'grace' });
    expect(await pullRequestOf(await other.commit({ c: 'c' }))).toBeNull();
  });
});

describe('what GitHub refuses', () => {
  it.each([
    [
      {
        status: 403,
        message: 'Resource not accessible by integration',
        headers: { 'x-accepted-github-permissions': 'issues=write' },
      },
      'github_refused',
      'permissions: issues: write',
    ],
    [{ status: 403, message: 'Must have admin rights to Repository.' }, 'github_refused', 'docs/github.md'],
    [{ status: 403, message: 'Repository access blocked' }, 'github_refused', 'rollout doctor'],
    [{ status: 401, message: 'Bad credentials' }, 'github_refused', 'GITHUB_TOKEN'],
    [{ status: 422, message: 'Validation Failed' }, 'github_refused', 'run the command again'],
    [
      { status: 301, message: 'Moved Permanently', headers: { location: '/repositories/1/issues' } },
      'github_refused',
      'run the command again',
    ],
    [{ status: 500, message: 'Server Error' }, 'github_unreachable', 'next tick'],
    [
      { status: 429, message: 'Too many', headers: { 'retry-after': '9999999' } },
      'github_limited',
      'next tick',
    ],
  ] as const)('the GitHub failure %o becomes an error with the next command', async (fault, code, hint) => {
    github.fault({ on: 'issues/create', ...fault });
    const issue = {
      incident: 'default/1',
      number: null,
      owner: null,
      opened_at: new Date(),
      title: 't',
      body: 'b',
      open: true,
      closing: null,
    };
    await expect(roomOn(github, 'acme/shop').incidents.put(issue)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^writing the issue of incident default\/1 in acme\/shop: GitHub /),
      hint: expect.stringContaining(hint),
    });
  });
});
