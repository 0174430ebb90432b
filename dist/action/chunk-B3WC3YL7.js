import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/redact.ts
var HIDDEN = "***";
var SECRETS = [
  // The password of a URL, whatever the scheme, and tokens in its place.
  /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@]{0,200}:)[^\s@]{1,500}(?=@)/gi,
  /([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s:/?#@]{20,500}(?=@)/gi,
  // What GitHub, GitLab, Slack, Stripe, AWS and Google give out.
  /\b(?:gh[pousr]_[A-Za-z0-9]{16,255}|github_pat_[A-Za-z0-9_]{16,255}|glpat-[A-Za-z0-9_-]{16,255})/g,
  /\b(?:xox[a-z]-[A-Za-z0-9-]{10,255}|sk_(?:live|test)_[A-Za-z0-9]{10,255}|AKIA[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30,60})/g,
  /\beyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}(?:\.[A-Za-z0-9_-]{0,1000})?/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*/g,
  // `Authorization: Bearer ...`, `password=...`, `"api_key": "..."`.
  /(\b(?:authorization|proxy-authorization)["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:bearer|basic|token)\s{1,3})?)[^\s"',;]{1,1000}/gi,
  /(\b(?:bearer|basic)\s{1,3})[A-Za-z0-9._~+/=-]{8,2000}/gi,
  /((?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|client[_-]?secret)["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"',;&]{1,1000}/gi
];
function redact(text) {
  return SECRETS.reduce(
    (kept, secret) => kept.replace(secret, (_all, stays) => (typeof stays === "string" ? stays : "") + HIDDEN),
    text
  );
}

export {
  redact
};
