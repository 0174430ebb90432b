import { beforeAll, describe, expect, it } from 'vitest';
import { jsonOf, READ, type Served, served } from '../../helpers/http/served.ts';
import { fileOf, type Project, project } from '../../helpers/projects/project.ts';

let one: Project;
let server: Served;

beforeAll(async () => {
  one = await project();
  await one.apply(fileOf({ checkout: { percentage: 30 } }));
  server = await served(one.controller, { readToken: READ });
});

const as = { authorization: `Bearer ${READ}` };

describe('what the page loads of one feature', () => {
  it('the lazy part of a feature on the page has its tables and chart data', async () => {
    const answer = await server.get('/page/features/checkout', as);
    expect(answer.status).toBe(200);
    const { html, charts } = await jsonOf<{ html: string; charts: object }>(answer);
    expect(html).toContain('id="f-checkout-history"');
    expect(charts).toMatchObject({ id: 'f-checkout', exposure: { percentage: [30, 30] } });
  });

  it('the lazy part of a feature is refused without a token, and missing for a feature that is not on the page', async () => {
    expect((await server.get('/page/features/checkout')).status).toBe(401);
    expect((await server.get('/page/features/gone', as)).status).toBe(404);
  });
});
