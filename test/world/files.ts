import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { bundleText, partsOfText } from '../../src/domain/change/bundle.ts';
import type { FakeRepository } from '../helpers/github/index.ts';

/** Where features of the walk may stand beside the main file, below its folder. */
export const PARTS = ['rollouts/a.yaml', 'rollouts/b.yaml'] as const;

/** The main file with what it includes, as one text; null: there is no main file. */
async function textBy(path: string, read: (path: string) => Promise<string | null>): Promise<string | null> {
  const main = await read(path);
  if (main === null || !/^include:/m.test(main)) return main;
  const parts = await Promise.all(
    PARTS.map(async (part) => ({ path: part, content: await read(below(path, part)) })),
  );
  const included = parts.flatMap(({ path: part, content }) =>
    content === null ? [] : [{ path: part, content }],
  );
  return bundleText({ main, included });
}

/** In a commit or at a branch. */
export function textAt(origin: FakeRepository, path: string, ref: string): Promise<string | null> {
  return textBy(path, (one) => origin.file(one, ref));
}

/** In a folder. */
export function textIn(folder: string, path: string): Promise<string | null> {
  return textBy(path, (one) => readFile(join(folder, one), 'utf8').catch(() => null));
}

/** The text as files by their path; null takes away what is not among them. */
export function filesOf(path: string, text: string): Record<string, string | null> {
  const { main, included } = partsOfText(text);
  const parts = PARTS.map((part) => [
    below(path, part),
    included.find((one) => one.path === part)?.content ?? null,
  ]);
  return { [path]: main, ...Object.fromEntries(parts) };
}

export async function writeIn(folder: string, path: string, text: string): Promise<void> {
  for (const [one, content] of Object.entries(filesOf(path, text))) {
    const file = join(folder, one);
    await mkdir(dirname(file), { recursive: true });
    if (content === null) await rm(file, { force: true });
    else await writeFile(file, content);
  }
}

function below(path: string, part: string): string {
  return posix.join(posix.dirname(path), part);
}
