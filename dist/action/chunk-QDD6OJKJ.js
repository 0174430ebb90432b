import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/lib/web-url.ts
var SSH = /^(?:[\w.-]+@)?([\w.-]+\.[\w-]+):(?!\/)([\w./~-]+)$/;
function webUrlOf(remote) {
  const text = remote.trim();
  const [, host, path] = SSH.exec(text) ?? [];
  if (host !== void 0 && path !== void 0) return joined(host, path);
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol === "https:") return joined(url.host, url.pathname);
  return url.protocol === "ssh:" || url.protocol === "git+ssh:" ? joined(url.hostname, url.pathname) : null;
}
function joined(host, path) {
  const clean = withoutSlashes(path.replace(/^\/+/, "")).replace(/\.git$/, "");
  if (host === "" || !/^[\w.~-]+(\/[\w.~-]+)+$/.test(clean)) return null;
  return `https://${host.toLowerCase()}/${clean}`;
}
function withoutSlashes(text) {
  let end = text.length;
  while (text[end - 1] === "/") end--;
  return text.slice(0, end);
}

export {
  webUrlOf,
  withoutSlashes
};
