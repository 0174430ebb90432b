import { createServer } from 'node:http';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenBrowser } from '../../helpers/browser/browser.ts';
import { testBrowser } from '../../helpers/browser/test-browser.ts';
import { READ, type Served, served } from '../../helpers/http/served.ts';
import { fileOf, project } from '../../helpers/projects/project.ts';
import { patience } from '../../helpers/run/pace.ts';

/** Another site, whose page has the official SDK and provider for browsers. */
const site = createServer((_, answer) =>
  answer.setHeader('content-type', 'text/html').end('<title>shop</title>'),
);
const program = `
  import { OpenFeature } from '@openfeature/web-sdk';
  import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
  globalThis.open = async (baseUrl, token) => {
    globalThis.changed = 0;
    OpenFeature.addHandler('PROVIDER_CONFIGURATION_CHANGED', () => { globalThis.changed += 1; });
    await OpenFeature.setContext({ targetingKey: 'repo-7' });
    await OpenFeature.setProviderAndWait(
      new OFREPWebProvider({ baseUrl, pollInterval: 0, cacheMode: 'disabled', headers: [['Authorization', 'Bearer ' + token]] }));
  };
  globalThis.asked = () => OpenFeature.getClient().getBooleanDetails('checkout', false);`;

let one: Awaited<ReturnType<typeof project>>;
let server: Served;
let open: OpenBrowser;
let page: Page;
let origin: string;

beforeAll(async () => {
  one = await project();
  await one.apply(fileOf({ checkout: { percentage: 100 } }));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as { port: number }).port}`;
  server = await served(one.controller, { readToken: READ, origins: [origin] });
  const root = new URL('../../..', import.meta.url).pathname;
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root },
    ...{ bundle: true, write: false, format: 'iife', platform: 'browser' },
  });
  open = await testBrowser();
  page = await open.browser.newPage();
  await page.goto(origin);
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
});

afterAll(async () => {
  await open.close();
  site.close();
});

describe('the official provider in a page of another origin', { timeout: patience(60_000) }, () => {
  it('the official OFREP provider on another origin’s page evaluates and gets a stop by the stream without polling', async () => {
    await page.evaluate(`open(${JSON.stringify(server.url)}, ${JSON.stringify(READ)})`);
    expect(await page.evaluate('asked()')).toMatchObject({ value: true, variant: 'on' });
    await one.controller.store.incidents.stop('checkout', 'it burns', 'ada');
    await expect
      .poll(() => page.evaluate('asked()'), { timeout: patience(20_000) })
      .toMatchObject({ value: false, reason: 'DISABLED' });
    expect(await page.evaluate('changed')).toBeGreaterThan(0);
  });
});

describe('the event stream', () => {
  it('the OFREP event stream opens only with the answer’s ticket, which opens nothing else', async () => {
    const path = await streamPath();
    expect((await server.get('/ofrep/v1/stream')).status).toBe(401);
    expect((await server.get('/ofrep/v1/stream?ticket=guessed')).status).toBe(401);
    const opened = await server.get(path);
    expect([opened.status, opened.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    await opened.body?.cancel();
    const ticket = path.slice(path.indexOf('?'));
    expect((await server.get(`/api/status${ticket}`)).status).toBe(401);
  });

  it('the OFREP event stream asks first to evaluate again, for what changed before it was open', async () => {
    const opened = await server.get(await streamPath());
    const reader = opened.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    while (!heard.includes('refetchEvaluation')) {
      const next = await reader?.read();
      if (!next || next.done) expect.fail(`the stream ended after: ${heard}`);
      heard += next.value;
    }
    // Of a quiet stream this would come before it asks, after a minute.
    expect(heard).not.toContain('still here');
    await reader?.cancel();
  });
});

/** The address of the stream, as a bulk evaluation tells it. */
async function streamPath(): Promise<string> {
  const answer = await server.post(
    '/ofrep/v1/evaluate/flags',
    { context: { targetingKey: 'r' } },
    { authorization: `Bearer ${READ}` },
  );
  const { eventStreams } = (await answer.json()) as {
    eventStreams: { endpoint: { requestUri: string } }[];
  };
  return eventStreams[0]?.endpoint.requestUri ?? '';
}
