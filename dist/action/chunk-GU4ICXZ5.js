import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  harmless
} from "./chunk-TVORLO7R.js";

// src/report/markdown/escape-markdown.ts
var LONGEST_TEXT = 1e3;
function escapeMarkdown(text) {
  return harmless(text.replace(/[\r\n\t]+/g, " "), LONGEST_TEXT).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/[\\`*_{}[\]()#+!|~$]/g, (character) => `\\${character}`).replace(/[@#]|\bGH(?=-\d)|\bwww(?=\.)|\b[a-z]+(?=:\/\/)/gi, "$&\u200B");
}
function codeMarkdown(key) {
  return `\`${key.replace(/[^A-Za-z0-9_-]/g, "?")}\``;
}

export {
  escapeMarkdown,
  codeMarkdown
};
