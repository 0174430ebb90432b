import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { CLIENT, relayOver } from '../../helpers/http/relays.ts';

const entry = new URL('../../../src/runtime/http/index.ts', import.meta.url).pathname;

/** As a bundler for browsers and worker runtimes packs it: what only Node has cannot be resolved. */
async function bundled(format: 'esm' | 'iife') {
  const { outputFiles, metafile } = await build({
    ...{ entryPoints: [entry], bundle: true, write: false, metafile: true, minify: true, format },
    ...{ platform: 'browser', conditions: ['worker', 'browser'], globalName: 'rollout' },
    footer: format === 'iife' ? { js: 'globalThis.rollout = rollout;' } : {},
  });
  return { text: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) };
}

describe('the entry for applications without a database', () => {
  it('the entry for applications without a database needs no package and nothing of Node', async () => {
    const { text, inputs } = await bundled('esm');
    expect(inputs.filter((input) => input.includes('node_modules'))).toEqual([]);
    expect(inputs.filter((input) => /\/store\/(?!runtime\/snapshot)|database-/.test(input))).toEqual([
      'src/runtime/follow/database-clock.ts',
    ]);
    expect(text).not.toMatch(/\brequire\(|from"node:/);
  });

  it('the entry for applications without a database decides where there is nothing but fetch', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'checkout', { percentage: 50, whitelist: ['r1'] });
    const { url } = await relayOver(db.connectionString);
    const { text } = await bundled('iife');
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    // As in a browser: timers are numbers.
    const numbers = new Map<number, NodeJS.Timeout>();
    const numbered = <A extends unknown[]>(set: (...args: A) => NodeJS.Timeout) => {
      return (...args: A) => numbers.set(numbers.size, set(...args)).size - 1;
    };
    const context = createContext({
      ...{ fetch, URL, AbortController, TextDecoder, TextEncoder, performance, crypto, console },
      setTimeout: numbered(setTimeout as (work: () => void, ms: number) => NodeJS.Timeout),
      setInterval: numbered(setInterval as (work: () => void, ms: number) => NodeJS.Timeout),
      clearTimeout: (number: number) => clearTimeout(numbers.get(number)),
      clearInterval: (number: number) => clearInterval(numbers.get(number)),
    });
    runInContext(text, context);
    const asked = `(async () => {
      const one = await rollout.createRollout({ url: ${JSON.stringify(url)}, token: ${JSON.stringify(CLIENT)}, log: () => {} });
      const answers = [one.isEligible('checkout', 'r1'), one.evaluate('checkout', 'r1').reason, one.state().status];
      await one.close();
      return JSON.stringify(answers);
    })()`;
    const answers: string = await runInContext(asked, context);
    expect(JSON.parse(answers)).toEqual([true, 'whitelist', 'ready']);
  });
});
