import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  harmless
} from "./chunk-XRYC3SR4.js";

// src/lib/counted.ts
function count(value) {
  return value.toLocaleString("en-US");
}
function counted(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

// src/report/words/words.ts
function share(part, whole) {
  const percent = whole === 0 ? 0 : part / whole * 100;
  return `${Math.round(percent * 100) / 100}%`;
}
function commit(revision) {
  return revision === null ? "no commit" : harmless(revision.slice(0, 10));
}
function moment(at) {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
function ago(at, now) {
  const minutes = Math.max(0, Math.round((now.getTime() - at.getTime()) / 6e4));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

export {
  count,
  counted,
  share,
  commit,
  moment,
  ago
};
