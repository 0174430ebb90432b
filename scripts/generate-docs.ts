/** Writes docs/file.md from the schema and docs/commands.md from the command line. Run it after every change of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command, type CommandUnknownOpts } from 'commander';
import { COMMANDS } from '../src/cli/commands.ts';
import { processTerminal } from '../src/cli/terminal/terminal.ts';

interface Schema {
  title?: string;
  description?: string;
  type?: string;
  $ref?: string;
  enum?: string[];
  const?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
}

const ROOT = join(import.meta.dirname, '..');
const SCHEMA = join(ROOT, 'schema/rollout.schema.json');

const FILE_HEAD = `# rollout.yaml, key by key

Generated from \`schema/rollout.schema.json\` by \`npm run generate\`; do not edit. Editors that know the YAML language
server complete and check the file by its first line:

\`\`\`yaml
# yaml-language-server: $schema=./schema/rollout.schema.json
\`\`\`

Unknown keys are errors, and so are anchors, aliases, merge keys and duplicate keys. Every problem is reported at once,
with line and column: \`rollout validate\`.
`;

const COMMANDS_HEAD = `# Commands

Generated from the command line by \`npm run generate\`; do not edit. \`rollout <command>\`, in this repository
\`npm run --silent rollout -- <command>\`. Every command takes \`--file <path>\` (default \`rollout.yaml\`), \`--json\` and
\`--help\`. The database is the one that \`DATABASE_URL\` names, or without it an embedded PostgreSQL in \`.rollout\` beside the
file.

Exit codes: 0 done or nothing to do, 1 error, 2 the plan has changes, 3 something is held or refused.
`;

/** The text of docs/file.md. */
export function fileReference(): string {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema & { $defs: Record<string, Schema> };
  const resolve = (node: Schema): Schema => {
    if (!node.$ref) return node;
    const { $ref, ...own } = node;
    return { ...resolve(schema.$defs[$ref.replace('#/$defs/', '')] ?? {}), ...own };
  };
  const parts = [FILE_HEAD, section('The file', resolve(schema), resolve)];
  const features = resolve(schema.properties?.features ?? {}).additionalProperties;
  const feature = typeof features === 'object' ? resolve(features) : {};
  parts.push(section('A feature', feature, resolve));
  for (const [key, node] of Object.entries(feature.properties ?? {})) {
    const inner = inside(resolve(node), resolve);
    if (inner) parts.push(section(`\`${key}\``, inner, resolve, resolve(node).description));
  }
  for (const key of ['defaults', 'freeze', 'metrics']) {
    const node = resolve(schema.properties?.[key] ?? {});
    const inner = inside(node, resolve);
    if (inner) parts.push(section(`\`${key}\``, inner, resolve, node.description));
  }
  return `${parts.join('\n').trimEnd()}\n`;
}

/** The map that a value is, or is a list or map of; null for plain values. */
function inside(node: Schema, resolve: (node: Schema) => Schema): Schema | null {
  if (node.properties) return node;
  const choices = (node.oneOf ?? []).map((choice) => inside(choice, resolve));
  const more = typeof node.additionalProperties === 'object' ? resolve(node.additionalProperties) : null;
  const items = node.items ? resolve(node.items) : null;
  return choices.find((choice) => choice !== null) ?? [more, items].find((one) => one?.properties) ?? null;
}

function section(
  title: string,
  node: Schema,
  resolve: (node: Schema) => Schema,
  lead = node.description,
): string {
  const rows = Object.entries(node.properties ?? {}).map(([key, value]) => {
    const found = resolve(value);
    const { text, fallback } = apart(found.description ?? '');
    const required = node.required?.includes(key) ? 'required' : fallback;
    return `| \`${key}\` | ${kindOf(found, resolve)} | ${required} | ${cell(text)} |`;
  });
  return [
    `## ${title}`,
    '',
    ...(lead ? [cell(lead), ''] : []),
    '| key | value | left out | means |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** What a key means, and what it is where it is left out. */
function apart(description: string): { text: string; fallback: string } {
  const [, text = description, fallback = ''] =
    /^([\s\S]*?)\s*(?:Default|Left out): ([\s\S]*)\.$/.exec(description) ?? [];
  return { text, fallback: cell(fallback) };
}

/** Texts of a form of their own, by the title of the schema. */
const WORDS: Record<string, string> = {
  Duration: 'duration, such as `24h`',
  TimeLimit: 'duration, such as `24h`, or `control_p95`',
  TimesByCategory: 'map of durations by size category, such as `{ small: 30s, large: 10m }`',
  Day: 'day, `YYYY-MM-DD`',
  Entry: 'id or `owner/name`',
  Name: 'name',
};

function kindOf(node: Schema, resolve: (node: Schema) => Schema): string {
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum) return node.enum.map((word) => `\`${word}\``).join(', ');
  if (node.oneOf) return node.oneOf.map((choice) => kindOf(resolve(choice), resolve)).join(' or ');
  if (node.title !== undefined && WORDS[node.title]) return WORDS[node.title] ?? '';
  if (node.type === 'array') {
    const items = resolve(node.items ?? {});
    return `list of ${items.properties ? 'maps' : kindOf(items, resolve)}`;
  }
  if (node.type === 'object') return 'map';
  if (node.type === 'boolean') return '`true`, `false`';
  if (node.type !== 'number' && node.type !== 'integer')
    return node.type === 'string' ? 'text' : (node.type ?? '');
  const least = node.exclusiveMinimum === undefined ? node.minimum : `above ${node.exclusiveMinimum}`;
  const range = least === undefined ? '' : `, ${least} to ${node.maximum?.toLocaleString('en-US')}`;
  return `${node.type === 'integer' ? 'whole number' : 'number'}${range}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\s+/g, ' ').trim();
}

/** The text of docs/commands.md. */
export async function commandReference(): Promise<string> {
  const parts = [COMMANDS_HEAD];
  const terminal = processTerminal();
  for (const { usage, addTo } of COMMANDS) {
    const { command, define } = addTo(new Command('rollout'));
    await define(terminal, () => {});
    parts.push(commandText(command, usage, command.summary()));
  }
  return `${parts.join('\n').trimEnd()}\n`;
}

const EVERYWHERE = ['--file', '--json'];

function commandText(command: CommandUnknownOpts, usage: string, summary: string): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const example = help.split('\nExample:\n')[1]?.trim() ?? '';
  const rows = command.options
    .filter(({ long }) => !EVERYWHERE.includes(long ?? ''))
    .map(({ flags, description, defaultValue }) => {
      const fallback =
        defaultValue === undefined || defaultValue === false
          ? ''
          : ` (default ${JSON.stringify(defaultValue)})`;
      return `| \`${cell(flags).replaceAll('&lt;', '<')}\` | ${cell(description)}${fallback} |`;
    });
  const table = rows.length === 0 ? [] : ['| option | does |', '| --- | --- |', ...rows, ''];
  return [
    `## ${command.name()}`,
    '',
    `\`rollout ${usage}\`: ${cell(summary)}.`,
    '',
    ...table,
    '```sh',
    example,
    '```',
    '',
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(join(ROOT, 'docs/file.md'), fileReference());
  writeFileSync(join(ROOT, 'docs/commands.md'), await commandReference());
}
