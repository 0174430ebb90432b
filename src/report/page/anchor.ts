/** A feature's place on the page. Rows that SQL made by hand may have any name; ids take only plain characters. */
export function anchorOf(feature: string): string {
  return `f-${feature.replace(/[^A-Za-z0-9_-]/g, (character) => `.${character.codePointAt(0)?.toString(16)}`)}`;
}
