// Changes every sentence of src/report/words in a copy of the project and runs tests there. Whoever decides by a
// sentence turns red. Tests of domain, app, store, runtime and world must stay green; those of words, of the command
// line and of documents may not, and their number is printed by folder.
//
//   npx tsx scripts/marked-words.ts [test files or folders]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { marked } from '../test/helpers/source/marked.ts';

const MUST_BE_GREEN = ['test/domain', 'test/app', 'test/store', 'test/runtime', 'test/world'];
const ROOT = join(import.meta.dirname, '..');

interface Report {
  numTotalTests: number;
  testResults: { name: string; message: string; assertionResults: { status: string; title: string }[] }[];
}

const chosen = process.argv.slice(2);
const copy = mkdtempSync(join(tmpdir(), 'rollout-marked-'));
try {
  copyProject();
  const sentences = markWords();
  const report = runTests(
    chosen.length > 0 ? chosen : [...MUST_BE_GREEN, 'test/report', 'test/cli', 'test/docs'],
  );
  process.exitCode = summarize(sentences, report) ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function copyProject(): void {
  const listed = spawnSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).stdout;
  for (const file of listed.split('\0').filter(Boolean)) {
    cpSync(join(ROOT, file), join(copy, file), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
}

/** The number of sentences that were changed. */
function markWords(): number {
  const folder = join(copy, 'src/report/words');
  let changed = 0;
  for (const name of sourcesIn(folder)) {
    const source = readFileSync(join(folder, name), 'utf8');
    const result = marked(source);
    changed += result.length - source.length;
    writeFileSync(join(folder, name), result);
  }
  return changed;
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
}

function runTests(paths: readonly string[]): Report {
  const output = join(copy, 'report.json');
  const args = ['vitest', 'run', '--reporter=json', `--outputFile=${output}`, ...paths];
  spawnSync('npx', args, { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] });
  return JSON.parse(readFileSync(output, 'utf8'));
}

/** `test/app` of `test/app/reconcile/policy.test.ts`. */
function folderOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

/** Did every test stay green that must? */
function summarize(sentences: number, { numTotalTests, testResults }: Report): boolean {
  const failed = testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(copy, name);
    const red = assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ title }) => ({ file, title }));
    return red.length === 0 && message ? [{ file, title: message }] : red;
  });
  const wrong = failed.filter(({ file }) => MUST_BE_GREEN.some((folder) => file.startsWith(`${folder}/`)));
  console.log(`${sentences} sentences changed, ${numTotalTests} tests run, ${failed.length} failed`);
  for (const folder of new Set(failed.map(({ file }) => folderOf(file)))) {
    const inFolder = failed.filter(({ file }) => folderOf(file) === folder);
    console.log(`  ${inFolder.length} in ${folder}`);
    for (const file of new Set(inFolder.map((one) => one.file))) {
      console.log(`    ${inFolder.filter((one) => one.file === file).length} in ${file}`);
    }
  }
  for (const { file, title } of wrong) console.log(`decides by a sentence: ${file}: ${title}`);
  return wrong.length === 0;
}
