import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licences of packages, by their folders below `root`, as their authors ask to be named where their code goes. */
export function licencesOf(root: string, folders: readonly string[]): string {
  const parts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return [`${name} ${version} (${license})`, '', textIn(join(root, folder)), ''].join('\n');
  });
  return `The action contains code of these packages.\n\n${parts.join(`${'-'.repeat(72)}\n\n`)}`;
}

function textIn(folder: string): string {
  const names = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = names.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return texts.length > 0 ? texts.join('\n\n') : 'No text of the licence is in the package.';
}
