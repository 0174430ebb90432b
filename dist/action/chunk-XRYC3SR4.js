import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/lib/text.ts
var LONGEST = 60;
var HOSTILE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
function harmless(text, longest = LONGEST) {
  const characters = Array.from(text.slice(0, 2 * longest + 2));
  const cut = characters.length > longest;
  const start = cut ? characters.slice(0, longest).join("") : text;
  return start.replace(HOSTILE, escapeCharacter) + (cut ? "\u2026" : "");
}
function quoted(text, longest) {
  return `"${harmless(text, longest).replaceAll('"', '\\"')}"`;
}
function oneLine(text) {
  return text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
function cutTo(text, longest, mark = "") {
  if (text.length <= longest) return text;
  const characters = Array.from(text.slice(0, 2 * longest + 2));
  if (characters.length <= longest) return text;
  return characters.slice(0, longest - mark.length).join("") + mark;
}
function compareText(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
function codePointName(character) {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `U+${hex.padStart(4, "0")}`;
}
function characterInWords(character) {
  const code = codePointName(character);
  if (character === "\n") return "a line break";
  if (character === "	") return "a tab";
  if (character === "\uFFFD")
    return `the replacement character ${code}, which stands for bytes that are not UTF-8`;
  if (new RegExp("\\p{Cs}", "u").test(character)) return `half of a surrogate pair (${code})`;
  return new RegExp("\\p{Cc}", "u").test(character) ? `the control character ${code}` : `the invisible character ${code}`;
}
function oneOf(words) {
  return joined(words, "or");
}
function joined(words, last) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
function escapeCharacter(character) {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "	") return "\\t";
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

export {
  harmless,
  quoted,
  oneLine,
  cutTo,
  compareText,
  codePointName,
  characterInWords,
  oneOf
};
