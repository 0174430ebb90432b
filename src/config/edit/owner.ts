import { partsOfText, withPart } from '../../domain/change/bundle.ts';
import { readYaml } from '../base/document.ts';
import { isPlainMap, toData } from '../base/tree.ts';

/** Returns the path of the included file that has a feature; null: the main file, or none. */
export function ownerOf(text: string, feature: string): string | null {
  const { included } = partsOfText(text);
  // Parsing a file takes longer than searching for the key, which appears literally unless something is escaped.
  const mayHave = (content: string) => content.includes(feature) || content.includes('\\');
  const owner = included.find(({ content }) => mayHave(content) && hasFeature(content, feature));
  return owner?.path ?? null;
}

function hasFeature(content: string, feature: string): boolean {
  const { root, errors } = readYaml(content);
  const data = errors.length > 0 ? null : toData(root, { add: () => {} });
  return isPlainMap(data) && isPlainMap(data.features) && Object.hasOwn(data.features, feature);
}

/** Edits one file of a text; a path of null stands for the main file. */
export function inFile(text: string, path: string | null, edit: (own: string) => string): string {
  const { main, included } = partsOfText(text);
  const own = path === null ? main : included.find((part) => part.path === path)?.content;
  return own === undefined ? text : withPart(text, path, edit(own));
}
