import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  packageRoot
} from "./chunk-YD3QEZ7G.js";
import "./chunk-VOBUUCNC.js";

// src/compose/environment/page-assets.ts
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
async function readPageAssets() {
  const beside = join(import.meta.dirname, "page");
  const bundled = existsSync(beside);
  const own = (name) => readFile(join(bundled ? beside : join(packageRoot(), "assets"), name), "utf8");
  const foreign = (address, name) => readFile(bundled ? join(beside, name) : join(dirname(fileURLToPath(address())), name), "utf8");
  const chart = () => import.meta.resolve("uplot/dist/uPlot.min.css");
  const morph = () => import.meta.resolve("idiomorph/dist/idiomorph.min.js");
  const [chartScript, chartStyle, style, charts, parts, list, copy, ...liveScripts] = await Promise.all([
    foreign(chart, "uPlot.iife.min.js"),
    foreign(chart, "uPlot.min.css"),
    own("page.css"),
    own("page.js"),
    own("parts.js"),
    own("list.js"),
    own("copy.js"),
    foreign(morph, "idiomorph.min.js"),
    own("patch.js"),
    own("live.js"),
    own("act.js")
  ]);
  return { chartScript, chartStyle, script: [charts, parts, list, copy].join("\n"), style, liveScripts };
}
export {
  readPageAssets
};
