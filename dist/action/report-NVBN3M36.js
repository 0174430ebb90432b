import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  mayNameSubjects
} from "./chunk-UNXCGD26.js";
import {
  openForAction
} from "./chunk-NHL3FVOE.js";
import {
  EXIT,
  requireDatabase
} from "./chunk-OBEJMKGW.js";
import "./chunk-CKZLTXIC.js";
import "./chunk-O76RR6OK.js";
import "./chunk-ONQZMICL.js";
import "./chunk-UPOOPPL7.js";
import "./chunk-L7KBJKB6.js";
import "./chunk-E75OYVUH.js";
import "./chunk-YNMI2IWZ.js";
import "./chunk-U5SUWIFJ.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/report.ts
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
var run = async ({ inputs, context, environment, log }) => {
  const { store, close } = await openForAction(requireDatabase(inputs));
  try {
    const [{ readReport }, { repositoryUrlOf }, { reportMarkdown }] = await Promise.all([
      import("./report-WTYEL5WQ.js"),
      import("./repository-url-XFJB3JAM.js"),
      import("./report-markdown-NHDNN2MR.js")
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
    import("./page-assets-RMNOBRWQ.js"),
    import("./page-V3EFWVWM.js")
  ]);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, statusPage(data, await readPageAssets()));
}
export {
  run
};
