import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  mayNameSubjects
} from "./chunk-M6C7ZMIQ.js";
import "./chunk-WNQF4XXA.js";
import {
  EXIT,
  requireDatabase
} from "./chunk-OQDKZVQ7.js";
import "./chunk-DYJMHHBQ.js";
import "./chunk-ECMGPDJJ.js";
import "./chunk-A74YMBPN.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import "./chunk-3ADH3BHO.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/commands/report.ts
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
var run = async ({ inputs, context, environment, database, log }) => {
  requireDatabase(inputs);
  const { store, close } = await database();
  try {
    const [{ readReport }, { repositoryUrlOf }, { reportMarkdown }] = await Promise.all([
      import("./report-DNZ3I5YK.js"),
      import("./repository-url-CGLMAHML.js"),
      import("./report-markdown-IKF52QRJ.js")
    ]);
    const repositoryUrl = await repositoryUrlOf({ environment, file: inputs.file });
    const showNames = mayNameSubjects(inputs, context);
    const data = await readReport({ store }, { repositoryUrl, showNames });
    if (inputs.out !== null) {
      const shown = inputs.showNames ? data : await readReport({ store }, { repositoryUrl, showNames: false });
      await writePage(inputs.out, shown);
      log(`the page is in ${inputs.out}`);
    }
    const verdicts = data.features.map(({ feature, health }) => [
      feature,
      health.verdict?.verdict ?? "no_data"
    ]);
    return {
      exit: EXIT.ok,
      needsPerson: null,
      annotations: [],
      summary: reportMarkdown(data),
      outputs: { changed: false, verdicts: Object.fromEntries(verdicts) }
    };
  } finally {
    await close();
  }
};
async function writePage(path, data) {
  const [{ readPageAssets }, { statusPage }] = await Promise.all([
    import("./page-assets-JGHCTG6E.js"),
    import("./page-4N2WNHEO.js")
  ]);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, statusPage(data, await readPageAssets()));
}
export {
  run
};
