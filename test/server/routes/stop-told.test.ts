import { expect, it } from 'vitest';
import type { IncidentTracker } from '../../../src/app/ports/incident-tracker.ts';
import { jsonOf, served } from '../../helpers/http/served.ts';
import { fileOf, gitProject } from '../../helpers/projects/project.ts';

it('a stop is answered before its issue is written, and a closing server waits for the issue', async () => {
  const one = await gitProject();
  await one.commit(fileOf({ checkout: { percentage: 10 } }));
  await one.reconcile();
  let put: IncidentTracker['put'] = () => Promise.reject(new Error('nobody waits'));
  let write: (number: number) => void = () => {};
  const asked = new Promise<void>((resolve) => {
    put = () => {
      resolve();
      return new Promise((written) => {
        write = (number) =>
          written({ number, url: `https://github.example/issues/${number}`, created: true });
      });
    };
  });
  const server = await served({
    ...one.controller,
    tracker: { put: (issue) => put(issue), onlyOne: async () => null },
  });

  const response = await server.admin('stop', { feature: 'checkout', reason: 'broken' });
  expect(await jsonOf(response)).toMatchObject({ stopped: ['checkout'] });
  await asked;
  let closed = false;
  const closing = server.close().then(() => {
    closed = true;
  });
  // Nobody is connected any more: but for the issue it could have ended.
  await expect(fetch(server.url)).rejects.toThrow();
  expect(closed).toBe(false);
  write(7);
  await closing;
  const { rows } = await one.db.pool.query('select issue_number from rollout_incidents');
  expect(rows).toEqual([{ issue_number: 7 }]);
});
