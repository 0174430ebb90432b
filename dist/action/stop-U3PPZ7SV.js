import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  tellIncidents
} from "./chunk-WMPIRC73.js";
import "./chunk-7MO6NAHE.js";
import "./chunk-7T6ZLV7I.js";
import {
  words
} from "./chunk-V5YLTNUN.js";
import {
  codeMarkdown,
  escapeMarkdown
} from "./chunk-BU5IQBJI.js";
import "./chunk-FDE2BHFX.js";
import {
  stopTexts
} from "./chunk-VGIYVSO5.js";
import "./chunk-5LPR4R5C.js";
import "./chunk-MRT3W3EF.js";
import "./chunk-IJK26YUE.js";
import "./chunk-3AB62VHW.js";
import "./chunk-NSWKCLK7.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-V6CWIZKH.js";
import "./chunk-WNQF4XXA.js";
import "./chunk-MQGN5AR4.js";
import {
  EXIT,
  reasonOf,
  requireDatabase
} from "./chunk-OQDKZVQ7.js";
import "./chunk-DYJMHHBQ.js";
import "./chunk-ECMGPDJJ.js";
import "./chunk-A74YMBPN.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-6HZFIDOY.js";
import "./chunk-E7ZLXCHG.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-63QZTHAV.js";
import {
  openForActionStop
} from "./chunk-QYX5OCYL.js";
import "./chunk-EEBLTFAB.js";
import "./chunk-PIILY4BD.js";
import "./chunk-KQIIWPI2.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-BYGHVZ3S.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-BMBMLGWI.js";
import "./chunk-3ADH3BHO.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-DXL3VAZT.js";
import "./chunk-T5UFH23J.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-PQGTPEAP.js";
import "./chunk-N4SPL67E.js";
import "./chunk-7N2S45PO.js";
import "./chunk-6XXLSJON.js";
import {
  errorText
} from "./chunk-5VT6VSXC.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-ONQZMICL.js";
import "./chunk-VOBUUCNC.js";

// src/app/operate/stop.ts
async function stop(deps, input) {
  const { feature, reason, onWait } = input;
  const result = await deps.store.incidents.stop(feature, reason, deps.actor, onWait);
  return { result, told: told(deps) };
}
async function told(deps) {
  try {
    return await tellIncidents(deps);
  } catch (error) {
    return { problems: [`the issues of incidents were not updated: ${errorText(error)}`], warnings: [] };
  }
}

// src/compose/environment/no-repository.ts
function noRepository() {
  const refuse = async () => {
    throw new RolloutError("file_missing", "no rollout.yaml is configured here, so it cannot be changed", {
      hint: "change it by a pull request where it lives, or say where it is: the option `file`, or ROLLOUT_FILE"
    });
  };
  return {
    committed: true,
    readTip: refuse,
    read: refuse,
    settlement: refuse,
    change: refuse,
    withdraw: refuse
  };
}

// src/actions/commands/stop.ts
var run = async ({ inputs, context, log }) => {
  const reason = reasonOf(inputs, "stop");
  const feature = whichFeature(inputs);
  const { store, close } = await openForActionStop(requireDatabase(inputs));
  try {
    const deps = { store, actor: context.actor, repository: noRepository(), words, tracker: null };
    const { result } = await stop(deps, { feature, reason, onWait: log });
    const { stopped, already_off } = result;
    const lines = stopTexts({ feature, stopped, already_off });
    for (const line of lines) log(line);
    const incidents = await store.reading((read) => read.incidents.current()).catch(() => []);
    const own = incidents.filter(({ feature: feature2, state }) => state === "open" && stopped.includes(feature2));
    return {
      exit: EXIT.ok,
      needsPerson: null,
      annotations: lines.map((message) => ({ severity: "warning", title: "Stopped", message })),
      summary: summaryOf(feature, stopped, already_off, reason),
      outputs: { changed: stopped.length > 0, incident: own.map(({ id }) => id).join(",") }
    };
  } finally {
    await close();
  }
};
function whichFeature({ feature, all }) {
  if (all !== (feature !== null)) return feature;
  throw new RolloutError("usage", all ? "a feature and all cannot be combined" : "stop needs a feature", {
    hint: "set the input feature, or all for everything"
  });
}
function summaryOf(feature, stopped, alreadyOff, reason) {
  const rows = [
    ...stopped.map((name) => `| ${codeMarkdown(name)} | stopped |`),
    ...alreadyOff.map((name) => `| ${codeMarkdown(name)} | was stopped already |`)
  ];
  return [
    `## :octagonal_sign: ${feature === null ? "Everything is stopped" : "Stopped"}`,
    "",
    `Reason: ${escapeMarkdown(reason)}`,
    "",
    ...rows.length > 0 ? ["| feature | |", "| --- | --- |", ...rows, ""] : [],
    "It is in effect in the database now. The next run of the health workflow writes it into the file; until a person",
    `resumes it nothing raises it again: start the workflow **operate** with \`resume\`${feature === null ? " and *all*" : ""}.`,
    ""
  ].join("\n");
}
export {
  run
};
