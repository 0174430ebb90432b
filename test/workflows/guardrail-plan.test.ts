import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { patience } from '../helpers/run/pace.ts';
import { type Shop, shop } from '../helpers/workflow/shop.ts';

const SECRET = 'prom-secret-4711';
const TEXT = `version: 1
features:
  checkout: { percentage: 25, whitelist: [acme/one] }
`;
const GUARDED = `version: 1
metrics:
  checkout_5xx: { source: prometheus, bad: 'bad{arm="$arm"}[$step]', all: 'all{arm="$arm"}[$step]' }
features:
  checkout: { percentage: 25, whitelist: [acme/one], guardrails: [{ metric: checkout_5xx, limit: 2 }] }
`;

/** An engine that counts its questions, and answers each with a step of these events until now. */
async function engine() {
  const made = { questions: 0, down: false };
  const server = createServer(async (request, response) => {
    made.questions += 1;
    let body = '';
    for await (const part of request) body += part;
    if (made.down) return response.writeHead(503).end();
    const fields = new URLSearchParams(body);
    const [query, end] = [fields.get('query') ?? '', Number(fields.get('end'))];
    const value = query.startsWith('bad') ? '1' : query.includes('control') ? '90' : '70';
    const result = [{ metric: {}, values: [[end, value]] }];
    return response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { made, url: `http://ada:${SECRET}@127.0.0.1:${port}` };
}

const secret = (name: string) => `\${{ secrets.${name} }}`;

/** Every job has the address and a database, as on a runner of one's own: also those of forks. */
async function world(url: string): Promise<Shop> {
  const all: { db?: Shop['db'] } = {};
  const made = await shop({
    text: TEXT,
    edited: (workflow) =>
      workflow
        .replace(secret('ROLLOUT_PROMETHEUS_URL'), url)
        .replace(secret('ROLLOUT_READER_DATABASE_URL'), all.db?.connectionString ?? ''),
  });
  all.db = made.db;
  await made.reconcile();
  return made;
}

describe('a plan on GitHub of a change to a guardrail', { timeout: patience(240_000) }, () => {
  it('the plan comment shows the guardrail’s back-test on the engine, and the plan passes when the engine is away', async () => {
    const { made, url } = await engine();
    const repository = await world(url);
    const { number, ran } = await repository.propose(GUARDED);
    expect(ran.conclusion).toBe('success');
    expect(made.questions).toBe(28);
    expect(repository.comments(number)).toEqual([
      expect.stringMatching(
        /^- guardrail checkout\\_5xx: with limit 2% it would have frozen the ramp never in the last 7 days; 7 bad events of \d+ events/m,
      ),
    ]);
    made.down = true;
    const away = await repository.plan(number);
    expect(away.conclusion).toBe('success');
    expect(away.annotations).toContainEqual({
      ...{ severity: 'warning', title: 'No back-test' },
      message: expect.stringMatching(
        /^guardrail checkout_5xx: not back-tested: the engine answered 503; try again with: rollout back-test checkout$/,
      ),
    });
    expect(repository.comments(number)).toEqual([
      expect.stringMatching(/^- :warning: guardrail checkout\\_5xx: not back-tested/m),
    ]);
    expect(JSON.stringify([ran, away, repository.comments(number)])).not.toContain(SECRET);
  });

  it('a plan of a fork’s pull request asks no engine, neither in its own run nor in a later health run', async () => {
    const { made, url } = await engine();
    const repository = await world(url);
    const { number, ran } = await repository.propose(GUARDED, { fork: 'eve' });
    expect(ran.conclusion).toBe('success');
    expect(ran.summary).toContain('no engine is asked for a pull request from a fork');
    const ticked = await repository.tick();
    expect(ticked.conclusion).toBe('success');
    expect(repository.comments(number)).toEqual([
      expect.stringContaining('no engine is asked for a pull request from a fork'),
    ]);
    expect(made.questions).toBe(0);
    expect(JSON.stringify([ran, ticked, repository.comments(number)])).not.toContain(SECRET);
  });
});
