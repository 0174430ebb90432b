import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/change/bundle.ts
var MARK = "\0files\0";
var NUL = "\0";
function bundleText({ main, included }) {
  if (included.length === 0) return main;
  const parts = [main, ...included.flatMap(({ path, content }) => [path, content])];
  if (parts.some((part) => part.includes(NUL))) throw new Error("a file with a NUL cannot be bundled");
  return MARK + parts.join(NUL);
}
function partsOfText(text) {
  if (!text.startsWith(MARK)) return { main: text, included: [] };
  const [main = "", ...rest] = text.slice(MARK.length).split(NUL);
  const included = [];
  for (let at = 0; at + 1 < rest.length; at += 2) {
    included.push({ path: rest[at] ?? "", content: rest[at + 1] ?? "" });
  }
  return { main, included };
}
function bundleBytes({ main, included }) {
  if (included.length === 0) return main;
  const text = bundleText({
    main: latin1(main),
    included: included.map(({ path, content }) => ({
      path: latin1(Buffer.from(path)),
      content: latin1(content)
    }))
  });
  return Buffer.from(text, "latin1");
}
function partsOfBytes(content) {
  if (content[0] !== 0) return { main: content, included: [] };
  const { main, included } = partsOfText(latin1(content));
  if (included.length === 0) return { main: content, included: [] };
  return {
    main: Buffer.from(main, "latin1"),
    included: included.map((part) => ({
      path: Buffer.from(part.path, "latin1").toString("utf8"),
      content: Buffer.from(part.content, "latin1")
    }))
  };
}
function looksBundled(content) {
  return latin1(content.subarray(0, MARK.length)) === MARK;
}
function standsAlone(main) {
  return !Buffer.from(main.buffer, main.byteOffset, main.byteLength).includes("include") && !looksBundled(main);
}
function withPart(text, path, content) {
  const { main, included } = partsOfText(text);
  if (path === null) return bundleText({ main: content, included });
  return bundleText({
    main,
    included: included.map((part) => part.path === path ? { path, content } : part)
  });
}
function changedParts(before, after) {
  const { main, included } = partsOfText(before);
  return [null, ...included.map(({ path }) => path)].flatMap((part) => {
    const [from, to] = [part === null ? main : partOf(before, part), partOf(after, part)];
    return from === null || to === null || from === to ? [] : [{ part, from, to }];
  });
}
function partOf(text, path) {
  const { main, included } = partsOfText(text);
  if (path === null) return main;
  return included.find((part) => part.path === path)?.content ?? null;
}
function latin1(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

export {
  partsOfText,
  bundleBytes,
  partsOfBytes,
  looksBundled,
  standsAlone,
  withPart,
  changedParts
};
