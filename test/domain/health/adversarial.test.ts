import { describe, expect, it } from 'vitest';
import { secretsIn } from '../../../src/actions/runner/secrets.ts';
import { readLine } from '../../../src/app/outcomes/reported-line.ts';
import { percentageOption } from '../../../src/cli/terminal/changing.ts';
import { momentOption } from '../../../src/cli/terminal/options.ts';
import { nearest } from '../../../src/config/base/nearest.ts';
import { parseConfig } from '../../../src/config/read/parse.ts';
import { commitMessage, parseCommitMessage } from '../../../src/domain/git/commit-message.ts';
import { revertsIn } from '../../../src/domain/git/reverts.ts';
import { subjectProblem } from '../../../src/domain/spec/subject-id.ts';
import { parseDatabaseUrl } from '../../../src/lib/database-url.ts';
import { parseDuration } from '../../../src/lib/duration.ts';
import { plainInstead, plainNumber } from '../../../src/lib/plain-number.ts';
import { redact } from '../../../src/lib/redact.ts';
import { harmless, quoted } from '../../../src/lib/text.ts';
import { webUrlOf, withoutSlashes } from '../../../src/lib/web-url.ts';
import { escapeMarkdown } from '../../../src/report/markdown/escape-markdown.ts';
import { networkOf } from '../../../src/server/http/connections.ts';

const LENGTH = 100_000;

/** What makes a pattern that looks back and forth take hours: long runs that nearly fit, and do not at their end. */
const TEXTS = [
  'a',
  ' ',
  '/',
  '\n ',
  '1',
  '.',
  '-',
  ':',
  '@',
  'a@',
  '//',
  '1.',
  'a/',
  '%',
  '"',
  '\\',
  '\t\n',
  '_1',
  ',000',
];

const quietly = (work: () => unknown) => () => {
  try {
    work();
  } catch {
    // Refused is as good an answer as any.
  }
};

const PARSERS: Record<string, (text: string) => unknown> = {
  ...{ redact, harmless, quoted, subjectProblem, plainInstead, parseDuration, webUrlOf, withoutSlashes },
  ...{
    escapeMarkdown,
    parseCommitMessage,
    parseDatabaseUrl,
    networkOf,
    percentageOption,
    momentOption,
  },
  parseConfig: (text) => parseConfig(text.slice(0, 10_000)),
  plainNumber: (text) => plainNumber(text, 2),
  nearest: (text) => nearest(text, ['percentage', 'whitelist']),
  secretsIn: (text) => secretsIn(`postgresql://a:b@c/d?password=${text}`, text),
  revertsIn: (text) => revertsIn([{ sha: 'a', message: text }]),
  revertOf: (text) => revertsIn([{ sha: 'a', message: `Reverts ${text}` }]),
  commitMessage: (text) => commitMessage({ title: 'a', body: text, trailers: [] }),
  readLine: (text) => readLine(`{"error":${JSON.stringify(text)}}`, new Date()),
  aWebUrl: (text) => webUrlOf(`https://github.com/${text}`),
  aPrivateUrl: (text) => redact(`https://${text}:${text}`),
};

describe('a text of 100,000 characters that is made to take long', () => {
  it.each(Object.keys(PARSERS))(
    'the parser %s is not slowed down by a hostile text of 100,000 characters',
    (name) => {
      const parser = PARSERS[name];
      for (const piece of TEXTS) {
        const text = piece.repeat(Math.ceil(LENGTH / piece.length));
        for (const made of [text, `${text}!`, `!${text}`, `a${text}x`]) quietly(() => parser?.(made))();
      }
      expect(parser).toBeDefined();
    },
  );
});
