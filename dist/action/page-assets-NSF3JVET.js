import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  packageRoot
} from "./chunk-EVETM6WC.js";
import "./chunk-VOBUUCNC.js";

// src/compose/environment/page-assets.ts
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
async function readPageAssets() {
  const beside = join(import.meta.dirname, "page");
  const bundled = existsSync(beside);
  const own = bundled ? beside : join(packageRoot(), "assets");
  const chart = bundled ? beside : dirname(fileURLToPath(import.meta.resolve("uplot/dist/uPlot.min.css")));
  const [chartScript, chartStyle, pageScript, liveScript, style] = await Promise.all([
    readFile(join(chart, "uPlot.iife.min.js"), "utf8"),
    readFile(join(chart, "uPlot.min.css"), "utf8"),
    readFile(join(own, "page.js"), "utf8"),
    readFile(join(own, "live.js"), "utf8"),
    readFile(join(own, "page.css"), "utf8")
  ]);
  return { chartScript, chartStyle, script: `${pageScript}
${liveScript}`, style };
}
export {
  readPageAssets
};
