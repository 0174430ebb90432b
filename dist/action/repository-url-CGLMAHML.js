import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  originOf
} from "./chunk-Q77BV5O7.js";
import {
  webUrlOf
} from "./chunk-QDD6OJKJ.js";
import "./chunk-M6F7EIOX.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-5H625CMU.js";
import "./chunk-6VI3GJB7.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-5VT6VSXC.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/compose/environment/repository-url.ts
async function repositoryUrlOf({ environment, file }, given) {
  if (given !== void 0) {
    const url = webUrlOf(given);
    if (url !== null) return url;
    throw new RolloutError("usage", "the address of the repository is not one that a page may link to", {
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
