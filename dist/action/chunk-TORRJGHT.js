import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/lib/plain-number.ts
var PLAIN = /^(?:0|[1-9]\d{0,14})(?:\.(\d{1,10}))?$/;
var LONGEST = 30;
function plainNumber(text, decimals = 0) {
  const match = PLAIN.exec(text);
  return match === null || (match[1]?.length ?? 0) > decimals ? null : Number(text);
}
function plainInstead(text) {
  if (text.length > LONGEST) return null;
  const bare = text.trim().replace(/%$/, "").trimEnd();
  const value = Number(withoutGroups(bare));
  const plain = String(value);
  return bare !== "" && plain !== text && plainNumber(plain, 10) !== null ? plain : null;
}
function plainHint(text) {
  const plain = plainInstead(text);
  return plain === null ? "" : `; write ${plain}`;
}
function withoutGroups(text) {
  if (/^\d{1,3}(?:[,_' ]\d{3})+$/.test(text)) return text.replace(/[,_' ]/g, "");
  if (/^\d+,\d{1,2}$/.test(text)) return text.replace(",", ".");
  return /^\d+(?:_\d+)+$/.test(text) ? text.replaceAll("_", "") : text;
}

export {
  plainNumber,
  plainHint
};
