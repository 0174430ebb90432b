import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  originOf
} from "./chunk-D2JB4WV2.js";
import "./chunk-PDDAGUMB.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-5UJJVGTN.js";
import "./chunk-B3WC3YL7.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/domain/web-url.ts
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
  const clean = path.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
  if (host === "" || !/^[\w.~-]+(\/[\w.~-]+)+$/.test(clean)) return null;
  return `https://${host.toLowerCase()}/${clean}`;
}

// src/compose/repository-url.ts
async function repositoryUrlOf({ environment, file }, given) {
  if (given !== void 0) {
    const url = webUrlOf(given);
    if (url !== null) return url;
    throw new RolloutError("usage", "the address of the repository is none that a page may link to", {
      hint: "it looks like https://github.com/owner/name"
    });
  }
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = environment;
  if (server && name) return webUrlOf(`${server}/${name}`);
  const origin = await originOf(file);
  return origin === null ? null : webUrlOf(origin);
}
export {
  repositoryUrlOf
};
