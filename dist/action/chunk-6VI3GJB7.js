import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/lib/redact.ts
var HIDDEN = "***";
var LONGEST_TEXT = 2e4;
var LINK = String.raw`\\?["']?\s{0,3}(?:=>|[:=])\s{0,3}`;
var QUOTED = String.raw`(\\")(?:(?!\\")[^\n]){1,1000}|(")(?:\\.|[^"\\\n]){1,1000}|(')(?:\\.|''|[^'\\\n]){1,1000}`;
var VALUE = String.raw`(?:${QUOTED}|[^\s"',;&]{1,1000})`;
var NAMES = [
  "password|passwd|passphrase|(?<![a-z])pass|pwd|secret|token|_auth",
  "api[_-]?key|access[_-]?key|private[_-]?key|session[_-]?id|[?&]sig|x-amz-signature"
].join("|");
var SECRETS = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*/g,
  // Addresses that are secrets themselves, because anybody who knows one may post there.
  /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[^\s"'<>]{1,500}/gi,
  /(discord(?:app)?\.com\/api\/(?:v\d{1,3}\/)?webhooks\/)[^\s"'<>]{1,500}/gi,
  /(webhook\.office\.com\/webhookb2\/)[^\s"'<>]{1,1000}/gi,
  // The password of a URL of any scheme, up to the last `@` of the line: it may contain blanks and `@`. Digits that
  // another part follows are a port.
  /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@]{0,200}:)(?!\d{1,5}(?:[\s/?#]|$))[^\s"'<>][^\n"'<>]{0,500}(?=@)/gi,
  /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@]{0,200}:)[^\s"'<>@](?=@)/gi,
  // A token in place of user and password.
  /([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s:/?#@]{20,500}(?=@)/gi,
  // `curl -u name:secret`, `name:secret@host`.
  /((?:^|\s)(?:-u|--user|--proxy-user)[ =]{1,3}["']?[^\s:"']{1,100}:)[^\s"']{1,500}/gi,
  /((?<![^\s"'=(,])[\w.+-]{1,100}:)[^\s"'/@][^\s"'/]{0,500}(?=@(?!sha256:)[a-z0-9[])/gi,
  // Tokens of npm, GitHub, GitLab, Slack, OpenAI, Anthropic, Stripe, AWS, Google and others.
  /\b(?:npm_|gh[pousr]_|github_pat_|hf_)[A-Za-z0-9_]{16,255}/g,
  /\b(?:gl(?:pat|ptt|dt|rt|cbt|ft|soat|imt|agent)-|sk-|pypi-|ya29\.|SG\.)[A-Za-z0-9_.-]{16,500}/g,
  /\b(?:xox[a-z]-|xapp-|[rs]k_(?:live|test)_|whsec_)[A-Za-z0-9-]{10,255}/g,
  /\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30,60})/g,
  /\beyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}(?:\.[A-Za-z0-9_-]{0,1000})?/g,
  // Whole headers: the rest of the line belongs to them, unless a quote ends it.
  pattern(String.raw`((?<![a-z])cookie2?${LINK})(?:${QUOTED}|[^\s"'][^\n]{0,4000})`),
  pattern(
    String.raw`((?<![a-z])authorization${LINK})(?:${QUOTED}|((?:bearer|basic|token|digest)\s{1,3})?[^\s"'][^\n]{0,2000})`
  ),
  /(\b(?:bearer|basic)\s{1,3})[A-Za-z0-9._~+/=-]{8,2000}/gi,
  // `password=...`, `"api_key": "..."`, `DB_PASS='two words'`, `--token ...`.
  pattern(`((?:${NAMES})${LINK})${VALUE}`),
  // An environment variable, such as `PGPASS`.
  new RegExp(`((?<!BY|COM)PASS${LINK})${VALUE}`, "g"),
  pattern(String.raw`((?:^|\s)--(?:password|pass|token|secret|api-key)\s{1,3})${VALUE}`)
];
function redact(text) {
  if (text.length <= LONGEST_TEXT) return hide(text);
  const whole = text.slice(0, LONGEST_TEXT);
  return `${hide(whole.slice(0, Math.max(whole.lastIndexOf(" "), whole.lastIndexOf("\n"), 0)))}\u2026`;
}
function hide(text) {
  return SECRETS.reduce((kept, secret) => kept.replace(secret, keepGroups), text);
}
function keepGroups(_match, ...rest) {
  const groups = rest.slice(0, -2).filter((group) => typeof group === "string");
  return groups.join("") + HIDDEN;
}
function pattern(source) {
  return new RegExp(source, "gi");
}

export {
  redact
};
