import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  originOf
} from "./chunk-VQEHMVML.js";
import {
  webUrlOf
} from "./chunk-FCF7YI2T.js";
import "./chunk-PDDAGUMB.js";
import "./chunk-ZLY2JX4I.js";
import "./chunk-YXQKDMPL.js";
import "./chunk-WKAZRE6W.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

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
