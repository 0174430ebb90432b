import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { switchingProxy } from '../../helpers/database/switching-proxy.ts';
import { compiled } from '../../helpers/processes/compiled.ts';
import { embed } from '../../helpers/processes/embedding-process.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 100 });
beforeEach(() => db.pool.query('truncate rollout_metrics'));

/** An application with an outcome that no flush has sent yet. */
const RECORDING = `const rollout = await createRollout({ connectionString: url, flushMs: 3_600_000, log: say, closeMs: 1_000 });
  rollout.record({ feature: 'checkout', subject: 'x', processor: 'inngest', ok: true });
  say('recorded');`;

const recorded = async () => {
  const [row] = await db.rows<{ jobs: number | null }>(
    `select sum(total_jobs)::int as jobs from rollout_metrics`,
  );
  return row?.jobs ?? 0;
};

it('an application with nothing else to do ends by itself, after a last flush', async () => {
  const application = await embed(db.connectionString, RECORDING);
  expect(await application.ended).toBe(0);
  expect(await recorded()).toBe(1);
});

it('an application ends without the database too, and logs once what is lost', async () => {
  const proxy = await switchingProxy(db.connectionString);
  const application = await embed(
    proxy.connectionString,
    `${RECORDING} process.stdin.once('data', () => process.stdin.destroy());`,
  );
  await application.next();
  await proxy.cut();
  application.child.stdin?.write('end\n');
  expect(await application.ended).toBe(0);
  expect(await application.rest()).toContain('the process ends, and the database has not taken 1 outcomes');
});

const WORKING = 'setInterval(() => {}, 1_000);';
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** What became of an application that was told to end by `signal`, and what it said after its start. */
async function told(signal: NodeJS.Signals, before: string, after = '') {
  const application = await embed(db.connectionString, `${before} ${RECORDING} ${after} ${WORKING}`);
  await application.next();
  application.child.kill(signal);
  return { ended: await application.ended, said: await application.rest() };
}

describe('a signal that nobody handles', () => {
  it.each(SIGNALS)(
    'the signal %s ends an application without a handler after a last flush',
    async (signal) => {
      expect(await told(signal, '')).toEqual({ ended: signal, said: '' });
      expect(await recorded()).toBe(1);
    },
  );

  it('a signal delivered twice at once, as npm does, does not cut the last flush short', async () => {
    const application = await embed(db.connectionString, `${RECORDING} ${WORKING}`);
    await application.next();
    for (let time = 0; time < 2; time++) application.child.kill('SIGINT');
    expect(await application.ended).toBe('SIGINT');
    expect(await recorded()).toBe(1);
  });

  it.each([
    ['signal-exit', `import { onExit } from 'signal-exit';`],
    ['signal-exit-3', `import onExit from 'signal-exit-3';`],
  ])('beside %s a signal ends the application after a last flush and the hooks', async (_, load) => {
    const hook = `${load} onExit((code, signal) => say('hook ' + signal));`;
    expect(await told('SIGTERM', hook)).toEqual({ ended: 'SIGTERM', said: '"hook SIGTERM"' });
    expect(await recorded()).toBe(1);
    expect(await told('SIGINT', load, `onExit((code, signal) => say('hook ' + signal));`)).toEqual({
      ...{ ended: 'SIGINT', said: '"hook SIGINT"' },
    });
    expect(await recorded()).toBe(2);
  });

  it('a signal ends an application with both versions of signal-exit too', async () => {
    const both = `import { onExit } from 'signal-exit'; import three from 'signal-exit-3';
      onExit(() => {}); three(() => {});`;
    expect(await told('SIGTERM', both)).toEqual({ ended: 'SIGTERM', said: '' });
    expect(await recorded()).toBe(1);
  });

  it('a signal ends an application with two copies of the library after the last flush of both', async () => {
    const copy = copyOfLibrary();
    const second = `const { createRollout: create } = await import(${JSON.stringify(copy)});
      const other = await create({ connectionString: url, flushMs: 3_600_000, log: say });
      other.record({ feature: 'checkout', subject: 'y', processor: 'inngest', ok: true });
      say(create === createRollout);`;
    const application = await embed(db.connectionString, `${second} ${RECORDING} ${WORKING}`);
    expect(await application.next()).toBe('false');
    await application.next();
    application.child.kill('SIGTERM');
    expect(await application.ended).toBe('SIGTERM');
    expect(await recorded()).toBe(2);
  });

  it('a signal is left to a listener that acts only if it is alone', async () => {
    const polite = `process.on('SIGTERM', () => {
      if (process.listenerCount('SIGTERM') === 1) process.exit(9);
    });`;
    expect(await told('SIGTERM', polite)).toEqual({ ended: 9, said: '' });
    expect(await told('SIGTERM', '', polite)).toEqual({ ended: 9, said: '' });
  });
});

describe('a signal that the host handles', () => {
  const bye = `() => setTimeout(() => process.exit(7), 500)`;

  it.each(['on', 'once', 'prependListener', 'prependOnceListener'])(
    'a signal that the host handles by %s ends the application by the host’s handler alone',
    async (how) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) {
        const handler = `process.${how}('${signal}', ${bye});`;
        expect(await told(signal, handler)).toEqual({ ended: 7, said: '' });
        expect(await told(signal, '', handler)).toEqual({ ended: 7, said: '' });
      }
      expect(await recorded()).toBe(4);
    },
  );

  it('beside signal-exit the host’s handler still ends the application', async () => {
    const both = `import { onExit } from 'signal-exit'; onExit(() => {}); process.on('SIGTERM', ${bye});`;
    expect(await told('SIGTERM', both)).toEqual({ ended: 7, said: '' });
  });

  it('a signal that the host ignores does not end the application, however often it comes', async () => {
    const application = await embed(
      db.connectionString,
      `let heard = 0;
       process.on('SIGTERM', () => { heard += 1; say(heard); if (heard === 3) setTimeout(() => process.exit(heard), 500); });
       ${RECORDING} ${WORKING}`,
    );
    await application.next();
    for (const time of ['1', '2', '3']) {
      application.child.kill('SIGTERM');
      expect(await application.next()).toBe(time);
    }
    expect(await application.ended).toBe(3);
    expect(await recorded()).toBe(1);
  });
});

it('a closed library leaves no handler behind, and two in one process share one', async () => {
  const application = await embed(
    db.connectionString,
    `const two = [await createRollout({ connectionString: url }), await createRollout({ connectionString: url })];
     const handlers = () => ['beforeExit', 'SIGTERM', 'SIGINT', 'SIGHUP'].map((event) => process.listenerCount(event)).join();
     const own = process.listenerCount('removeListener');
     say(handlers());
     await two[0].close();
     say(handlers());
     await two[1].close();
     say(handlers());
     say(process.listenerCount('removeListener') - own);`,
  );
  expect(await application.ended).toBe(0);
  expect((await application.rest()).split('\n')).toEqual(['"1,1,1,1"', '"1,1,1,1"', '"0,0,0,0"', '-3']);
});

/** The compiled library at another place, so that Node loads it a second time. */
function copyOfLibrary(): string {
  const original = compiled('src');
  const copy = join(dirname(original), 'second-copy');
  cpSync(original, copy, { recursive: true });
  return pathToFileURL(join(copy, 'runtime', 'index.js')).href;
}
