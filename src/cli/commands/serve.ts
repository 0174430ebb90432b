import { once } from 'node:events';
import type { Command } from 'commander';
import { metricEngineOf } from '../../compose/environment/prometheus.ts';
import { receiversOf, webhookOf } from '../../compose/environment/receivers.ts';
import { openServing, type Serving } from '../../compose/serving.ts';
import { harmless } from '../../lib/text.ts';
import { createApp } from '../../server/app.ts';
import { originsOf } from '../../server/http/cross-origin.ts';
import type { ServerOptions } from '../../server/http/dependencies.ts';
import { hasOperators } from '../../server/http/operators.ts';
import { ADMIN_TOKEN, READ_TOKEN, tokensOf } from '../../server/http/tokens.ts';
import { listen } from '../../server/listen.ts';
import { keepReadingMetrics } from '../../server/live/metric-reading.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, type OptionsOf, run, settingsOf } from '../terminal/command.ts';
import { identityOf, identityOptions } from '../terminal/identity-options.ts';
import { wholeOption } from '../terminal/options.ts';
import { EXIT, type Terminal } from '../terminal/terminal.ts';

const declared = (command: Command) =>
  identityOptions(command)
    .option('--host <address>', 'where to listen; 0.0.0.0 is every address of this machine', '127.0.0.1')
    .option('--port <number>', 'on which port; 0 takes any', wholeOption(0, 65_535), 8080)
    .option('--show-names', 'name subjects, and show what jobs said, which may name some')
    .option('--trust-proxy', 'the client is the last address of X-Forwarded-For')
    .option('--allow-host <names...>', 'further names under which it answers')
    .option('--allow-origin <origins...>', 'pages of these origins may ask from a browser; * is every one')
    .option(
      '--rate-limit <requests>',
      'a minute and client; 0 means no limit',
      wholeOption(0, 999_999_999),
      6_000,
    )
    .option('--streams <number>', 'applications that follow at once', wholeOption(0, 100_000), 5_000)
    .option('--streams-per-token <number>', 'of these with one token', wholeOption(1, 100_000));

type ServeOptions = OptionsOf<typeof declared>;

const LONGEST_LINE = 2_000;
/** Names of this machine that nobody else can own. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

export const define: DefineCommand = (command, terminal, end) => {
  run(declared(command), end, 'rollout serve --port 8080', async (options) => {
    // Checked before anything is opened: a bad token must not be noticed later.
    const tokens = tokensOf(terminal.environment);
    const identity = identityOf(options, tokens.proxyToken);
    const origins = originsOf(options.allowOrigin ?? []);
    const serving = await openServing(settingsOf(terminal, options));
    try {
      await serve(terminal, options, serving, {
        ...tokens,
        identity,
        origins,
        ...limitsOf(options, tokens.readToken),
      });
    } finally {
      await serving.close();
    }
    return EXIT.ok;
  });
};

async function serve(
  terminal: Terminal,
  options: ServeOptions,
  serving: Serving,
  server: ServerOptions,
): Promise<void> {
  const { environment } = terminal;
  const log = (line: string) => terminal.note(harmless(line, LONGEST_LINE));
  const now = () => new Date();
  const receivers = receiversOf(environment, webhookOf(environment));
  const app = createApp({ ...serving, now, receivers, environment, log }, server);
  const listening = await listen(app, options, log);
  const endReading = environment.ROLLOUT_PROMETHEUS_URL?.trim()
    ? keepReadingMetrics({ ...serving, engine: metricEngineOf(environment), log })
    : null;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  tell(terminal, options, listening.url, server);
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  if (!options.json) terminal.note('ending; requests under way are answered first');
  await Promise.all([listening.close(), endReading?.()]);
}

function tell(terminal: Terminal, options: ServeOptions, url: string, server: ServerOptions): void {
  const { readToken } = server;
  const operators = hasOperators(server);
  const open = readToken === null && !isLoopback(options.host);
  const beside = [
    !operators
      ? `no admin routes: ${ADMIN_TOKEN} is not set`
      : 'admin routes are on: POST /api/admin/rollout/{advance,rollback,stop,resume}',
    ...(open
      ? [terminal.style.warn(`anyone who reaches ${options.host} can read: set ${READ_TOKEN} to a token`)]
      : []),
  ];
  answer(terminal, options, {
    json: () => ({ url, admin: operators, read_token: readToken !== null }),
    words: () => [
      { text: `${terminal.style.bold(url)}  the status page; end with Ctrl-C` },
      ...beside.map((text) => ({ text, beside: true as const })),
    ],
  });
}

function limitsOf(
  options: ServeOptions,
  readToken: string | null,
): Pick<ServerOptions, 'showNames' | 'rateLimit' | 'trustProxy' | 'streams' | 'hosts'> {
  const named = (options.allowHost ?? []).map((name) => name.toLowerCase());
  // With a token, another site's page cannot read either.
  const narrow = named.length > 0 || (isLoopback(options.host) && readToken === null);
  return {
    showNames: options.showNames ?? false,
    rateLimit: options.rateLimit,
    trustProxy: options.trustProxy ?? false,
    streams: { all: options.streams, ofOne: options.streamsPerToken ?? options.streams },
    hosts: narrow ? [...LOOPBACK, options.host, ...named] : null,
  };
}

function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host) || host === '::1' || host.startsWith('127.');
}
