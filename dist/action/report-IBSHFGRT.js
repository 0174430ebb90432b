import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  mayNameSubjects
} from "./chunk-UNXCGD26.js";
import {
  EXIT,
  requireDatabase
} from "./chunk-GR7OA4T4.js";
import "./chunk-PCRYKIAL.js";
import "./chunk-63QZTHAV.js";
import "./chunk-WKAZRE6W.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/report.ts
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
var run = async ({ inputs, context, environment, database, log }) => {
  requireDatabase(inputs);
  const { store, close } = await database();
  try {
    const [{ readReport }, { repositoryUrlOf }, { reportMarkdown }] = await Promise.all([
      import("./report-SGY452YI.js"),
      import("./repository-url-3PYRZIMV.js"),
      import("./report-markdown-CT3QAYBJ.js")
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
    import("./page-assets-SP4YTPAW.js"),
    import("./page-JZ3ZFKAB.js")
  ]);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, statusPage(data, await readPageAssets()));
}
export {
  run
};
