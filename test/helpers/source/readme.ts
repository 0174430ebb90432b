/** The fenced blocks of a language in a document, without their fences. */
export function blocks(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, name, block = '']) =>
    name === language ? [block] : [],
  );
}

/** The lines of a block of shell that a reader types, without their comments. */
export function commandsOf(block: string): string[] {
  return block.split('\n').flatMap((line) => line.replace(/\s+#.*$|^#.*$/, '').trim() || []);
}
