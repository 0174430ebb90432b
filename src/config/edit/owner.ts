import { partsOfText, withPart } from '../../domain/change/bundle.ts';
import { readYaml } from '../base/document.ts';
import { isPlainMap, toData } from '../base/tree.ts';

/** The included file that has a feature, as a path; null: the main file, or none. */
export function ownerOf(text: string, feature: string): string | null {
  const { included } = partsOfText(text);
  // Reading a file takes longer than looking for the key in it, which stands there as it is unless something is escaped.
  const mayHave = (content: string) => content.includes(feature) || content.includes('\\');
  const owner = included.find(({ content }) => mayHave(content) && hasFeature(content, feature));
  return owner?.path ?? null;
}

function hasFeature(content: string, feature: string): boolean {
  const { root, errors } = readYaml(content);
  const data = errors.length > 0 ? null : toData(root, { add: () => {} });
  return isPlainMap(data) && isPlainMap(data.features) && Object.hasOwn(data.features, feature);
}

/** Edits one of the files of a text; null stands for the main file. */
export function inFile(text: string, path: string | null, edit: (own: string) => string): string {
  const { main, included } = partsOfText(text);
  const own = path === null ? main : included.find((part) => part.path === path)?.content;
  return own === undefined ? text : withPart(text, path, edit(own));
}
