import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/projects/git.ts';
import { runOwnAction } from '../helpers/workflow/step.ts';

interface Run {
  inputs: Record<string, string>;
  event?: string;
  ref?: string;
  payload?: object;
  file?: string;
}

const PAYLOAD = { repository: { full_name: 'acme/shop', default_branch: 'main', private: true } };

/** The bundled action in a folder of its own, with nobody to talk to. */
async function act({
  inputs,
  event = 'workflow_dispatch',
  ref = 'refs/heads/main',
  payload = PAYLOAD,
  file,
}: Run) {
  const temp = await temporaryFolder();
  const path = join(temp, 'event.json');
  await writeFile(path, JSON.stringify(payload));
  if (file !== undefined) await writeFile(join(temp, 'rollout.yaml'), file);
  const nobody = 'http://127.0.0.1:9';
  const environment = {
    ...{ GITHUB_API_URL: nobody, GITHUB_GRAPHQL_URL: `${nobody}/graphql`, GITHUB_SERVER_URL: nobody },
    ...{
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_ACTOR: 'ada',
      GITHUB_WORKSPACE: temp,
    },
    ...{ GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path, GITHUB_REF: ref },
  };
  const ran = await runOwnAction(
    { uses: './', with: inputs },
    { workspace: temp, temp, environment, contexts: { github: { token: 'T' } } },
  );
  return { ...ran, said: ran.annotations.map(({ message }) => message).join('\n') };
}

const STOP = {
  command: 'stop',
  feature: 'one',
  reason: 'it fails',
  database_url: 'postgresql://a:b@127.0.0.1:9/x',
};

describe('the action', () => {
  it.each([
    [{ command: 'explode' }, 'the input command is "explode"; next: it is plan, reconcile'],
    [{ ...STOP, reason: '' }, 'stop needs a reason'],
    [{ ...STOP, feature: '' }, 'stop needs a feature'],
    [{ ...STOP, all: 'true' }, 'a feature and all cannot be combined'],
    [{ ...STOP, all: 'perhaps' }, 'the input all is "perhaps"; next: it is true or false'],
    [{ ...STOP, database_url: '' }, 'the input database_url is empty'],
    [{ ...STOP, database_url: 'mysql://a:b@h/x' }, 'DATABASE_URL is not a PostgreSQL URL'],
    [STOP, 'the database cannot be reached'],
    [{ ...STOP, command: 'set', percentage: '12.345' }, 'the input percentage is "12.345"'],
    [{ ...STOP, command: 'set', via: 'carrier pigeon' }, 'the input via is "carrier pigeon"'],
  ])('the action refuses %j in a sentence that says what would be right', async (inputs, sentence) => {
    const { code, said, outputs } = await act({ inputs });
    expect(code).toBe(1);
    expect(said).toContain(sentence);
    expect(outputs).toEqual({});
  });

  it.each([
    ['a branch', { ref: 'refs/heads/mine' }],
    ['a tag', { ref: 'refs/tags/main' }],
    ['the trial merge of a pull request', { event: 'pull_request', ref: 'refs/pull/1/merge' }],
    ['pull_request_target, which runs on the default branch', { event: 'pull_request_target' }],
    ['an event that does not say which branch is the default', { payload: {} }],
  ])('the action stops nothing from %s', async (_where, run) => {
    const { code, said } = await act({ inputs: STOP, ...run });
    expect(code).toBe(1);
    expect(said).toMatch(/^stop runs only on the default branch/);
  });

  it('the action masks the URL, every spelling of its password and the token before it prints anything else', async () => {
    const database_url = 'postgresql://me:p%40ss%20word@127.0.0.1:9/x';
    const { raw, masks, log } = await act({ inputs: { ...STOP, database_url, token: 'ghs_secret' } });
    expect(masks).toEqual([database_url, 'ghs_secret', 'p%40ss%20word', 'p@ss word']);
    expect(
      raw
        .split('\n')
        .slice(0, 4)
        .every((line) => line.startsWith('::add-mask::')),
    ).toBe(true);
    expect(log.join('\n')).not.toMatch(/p%40ss|p@ss|ghs_secret/);
    expect(raw.split('\n').slice(4).join('\n')).not.toMatch(/p%40ss|p@ss|ghs_secret/);
  });

  it('the action never prints a malformed DATABASE_URL or a part of it', async () => {
    const { log, said } = await act({ inputs: { ...STOP, database_url: 'postgresql://me:tra/la?la@h/x' } });
    expect(said).toContain('not a PostgreSQL URL');
    expect(log.join('\n')).not.toContain('tra/la');
  });

  it('the action annotates ten mistakes at their lines and names the others in the log and the summary', async () => {
    const file = `version: 1\nfeatures:\n${Array.from({ length: 30 }, (_, n) => `  f${n}: { percentage: 101 }`).join('\n')}\n`;
    const { code, annotations, log, summary } = await act({
      inputs: { command: 'plan', comment: 'false' },
      ...{ event: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-1', file },
    });
    expect(code).toBe(1);
    const errors = annotations.filter(({ severity }) => severity === 'error');
    expect(errors).toHaveLength(10);
    expect(errors[3]).toMatchObject({
      file: 'rollout.yaml',
      line: 6,
      col: 21,
      title: 'features.f3.percentage',
    });
    expect(errors[9]?.message).toBe('and 21 more, which the log and the summary name');
    expect(log.filter((line) => line.includes('percentage is 101')).length).toBeGreaterThanOrEqual(30);
    expect(summary.match(/^- :x: line/gm)).toHaveLength(30);
    // Nothing that is away keeps people from learning of mistakes in the file.
    expect(summary).toContain('The default branch could not be read: ');
  });

  it('no text of a form becomes a workflow command or markup', async () => {
    const { raw, annotations } = await act({
      inputs: { ...STOP, command: 'x\n::set-output name=changed::true' },
    });
    expect(annotations).toHaveLength(1);
    expect(raw).not.toMatch(/^::set-output/m);
  });

  it('no text of the file becomes a workflow command in any of the runner’s syntaxes', async () => {
    const key = '##[set-output name=changed]true';
    const { raw, log } = await act({
      inputs: { command: 'plan', comment: 'false' },
      ...{ event: 'pull_request', ref: 'refs/pull/1/merge' },
      file: `version: 1\nfeatures:\n  one: { percentage: 5, "${key}": 1 }\n`,
    });
    expect(log.join('\n')).toContain('# #[set-output name=changed]true');
    // Behind `::error` it is only the text of that command.
    const others = raw.split('\n').filter((line) => !line.startsWith('::'));
    expect(others.filter((line) => line.includes('##[') || /^\s*::/.test(line))).toEqual([]);
  });
});
