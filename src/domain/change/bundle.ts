/** One of the files that a main file includes. */
export interface Part<Content> {
  /** Path relative to the main file's folder, with slashes. */
  path: string;
  content: Content;
}

/** A main file and the files that it includes. */
export interface Parts<Content> {
  main: Content;
  included: readonly Part<Content>[];
}

/**
 * Opens a configuration of several files that is passed on as one content: the files one after the other. No file can
 * begin with this mark, because none may contain a NUL. A configuration of one file is passed on as that file, byte for
 * byte.
 */
const MARK = '\0files\0';
const NUL = '\0';

/** Joins the files into one text. Throws if a part contains a NUL, because the NUL would end the part early. */
export function bundleText({ main, included }: Parts<string>): string {
  if (included.length === 0) return main;
  const parts = [main, ...included.flatMap(({ path, content }) => [path, content])];
  if (parts.some((part) => part.includes(NUL))) throw new Error('a file with a NUL cannot be bundled');
  return MARK + parts.join(NUL);
}

/** Splits a text into its files. */
export function partsOfText(text: string): Parts<string> {
  if (!text.startsWith(MARK)) return { main: text, included: [] };
  const [main = '', ...rest] = text.slice(MARK.length).split(NUL);
  const included: Part<string>[] = [];
  for (let at = 0; at + 1 < rest.length; at += 2) {
    included.push({ path: rest[at] ?? '', content: rest[at + 1] ?? '' });
  }
  return { main, included };
}

/** Bundles files as bytes, whatever their encoding: each byte becomes one character. */
export function bundleBytes({ main, included }: Parts<Uint8Array>): Uint8Array {
  if (included.length === 0) return main;
  const text = bundleText({
    main: latin1(main),
    included: included.map(({ path, content }) => ({
      path: latin1(Buffer.from(path)),
      content: latin1(content),
    })),
  });
  return Buffer.from(text, 'latin1');
}

export function partsOfBytes(content: Uint8Array): Parts<Uint8Array> {
  if (content[0] !== 0) return { main: content, included: [] };
  const { main, included } = partsOfText(latin1(content));
  if (included.length === 0) return { main: content, included: [] };
  return {
    main: Buffer.from(main, 'latin1'),
    included: included.map((part) => ({
      path: Buffer.from(part.path, 'latin1').toString('utf8'),
      content: Buffer.from(part.content, 'latin1'),
    })),
  };
}

/** Would a single file be taken for a bundle of several? */
export function looksBundled(content: Uint8Array): boolean {
  return latin1(content.subarray(0, MARK.length)) === MARK;
}

/**
 * Can a main file be passed on unchanged? Not if it may include other files, and not if it would be taken for a bundle.
 */
export function standsAlone(main: Uint8Array): boolean {
  return (
    !Buffer.from(main.buffer, main.byteOffset, main.byteLength).includes('include') && !looksBundled(main)
  );
}

/** Returns the text with one of its files replaced; a `path` of null stands for the main file. */
export function withPart(text: string, path: string | null, content: string): string {
  const { main, included } = partsOfText(text);
  if (path === null) return bundleText({ main: content, included });
  return bundleText({
    main,
    included: included.map((part) => (part.path === path ? { path, content } : part)),
  });
}

/** A file of a text that an edit changed; `part` null stands for the main file. */
export interface ChangedPart {
  part: string | null;
  from: string;
  to: string;
}

/** Files that differ between two bundles of the same files. */
export function changedParts(before: string, after: string): ChangedPart[] {
  const { main, included } = partsOfText(before);
  return [null, ...included.map(({ path }) => path)].flatMap((part) => {
    const [from, to] = [part === null ? main : partOf(before, part), partOf(after, part)];
    return from === null || to === null || from === to ? [] : [{ part, from, to }];
  });
}

/**
 * Returns one file of a text; a `path` of null stands for the main file. Returns null if there is no file with that
 * path.
 */
export function partOf(text: string, path: string | null): string | null {
  const { main, included } = partsOfText(text);
  if (path === null) return main;
  return included.find((part) => part.path === path)?.content ?? null;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
