import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { processTerminal } from '../../src/cli/terminal/terminal.ts';
import { cliHere } from '../helpers/processes/cli.ts';

const terminal = processTerminal();

describe('the help', () => {
  it.each(COMMANDS.map(({ usage, addTo }) => ({ name: usage.split(' ')[0] ?? '', usage, addTo })))(
    'the help of $name has an example that names the command, and the options of every command',
    async ({ name, usage, addTo }) => {
      const { command, define } = addTo(new Command('rollout'));
      await define(terminal, () => {});
      let said = '';
      command.configureOutput({ writeOut: (text) => (said += text) }).outputHelp();
      expect(said).toMatch(new RegExp(`\\nExamples?:\\n {2}.*\\brollout ${name}\\b`));
      expect(said).toContain('--json');
      expect(said).toContain('--file <path>');
      expect(command.registeredArguments).toHaveLength(usage.split(' ').length - 1);
    },
  );

  it("the help lists every command and the exit codes, and a command's help shows its options", async () => {
    const all = await cliHere(['--help']);
    expect(all).toMatchObject({ code: 0, stderr: '' });
    for (const { usage } of COMMANDS) expect(all.stdout).toContain(`\n  ${usage.split(' ')[0]}`);
    expect(all.stdout).toContain('Exit codes: 0 done');
    const [one, same] = [await cliHere(['plan', '--help']), await cliHere(['help', 'plan'])];
    expect(one).toMatchObject({ code: 0, stderr: '' });
    expect(one.stdout).toContain('--base <file>');
    expect(same.stdout).toBe(one.stdout);
  });
});

describe('the version', () => {
  it('the version is that of the package', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await cliHere(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('a command line that cannot be meant', () => {
  it.each([
    [[], 'Usage: rollout'],
    [['status', '--percent', '5'], "unknown option '--percent'"],
    [['explain', 'one'], "missing required argument 'subject'"],
    [['stop', 'one', '--all', '--reason', 'x'], '--all and one cannot be combined'],
    [['stop', 'one', '--reason', '  '], 'stop needs a reason'],
    [['history', '--expect', 'a'.repeat(64)], '--expect is for history verify'],
    [['history', 'verify', '--limit', '3'], '--limit says nothing to history verify'],
    [['explain', 'one', ' '], 'the subject is " "; it must not begin or end with a space'],
    [['whitelist', 'add', 'one'], 'name them: ids or owner/name'],
    [['mark-test', ''], 'name them: ids or owner/name'],
    [['import', 'nope.csv'], 'there is no file nope.csv'],
    [['record', '.'], '. is a directory'],
    [['history', 'verify', '--expect', 'xyz'], 'it must be 64 hexadecimal digits'],
    [['explode\u001b[31m\u0007'], "unknown command 'explode\\u{1b}[31m\\u{7}'"],
  ])('rollout %j exits with 1 and says what is wrong', async (args, expected) => {
    const { code, stdout, stderr } = await cliHere(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it.each([
    [['reconcil', '--json'], "unknown command 'reconcil'"],
    [['stop', '--json'], 'name the feature to stop'],
  ])('rollout %j answers as JSON with code and hint', async (args, message) => {
    const { code, stdout, stderr } = await cliHere(args);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'usage', message: expect.stringContaining(message), hint: expect.any(String) },
    });
  });
});
