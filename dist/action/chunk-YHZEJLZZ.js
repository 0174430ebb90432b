import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/spec/difference.ts
function same(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((v, i) => same(v, b[i]));
  }
  const left = a;
  const right = b;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]));
}
function differences(before, after, prefix = "") {
  const left = before;
  const right = after;
  const keys = [.../* @__PURE__ */ new Set([...Object.keys(left), ...Object.keys(right)])];
  return keys.flatMap((key) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (isRecord(left[key]) && isRecord(right[key])) return differences(left[key], right[key], path);
    return same(left[key], right[key]) ? [] : [{ path, before: left[key], after: right[key] }];
  });
}
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function without(entries, others) {
  const there = new Set(others);
  return entries.filter((entry) => !there.has(entry));
}

export {
  same,
  differences,
  without
};
