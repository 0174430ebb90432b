import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  tellIncidents
} from "./chunk-3KQSRFXD.js";
import "./chunk-HYA67ODY.js";
import "./chunk-CRPEAGV4.js";
import {
  stopTexts
} from "./chunk-ZMYOQJJL.js";
import "./chunk-WNQF4XXA.js";
import "./chunk-BDGD52UT.js";
import "./chunk-FSRUMNGE.js";
import "./chunk-JPMNDO3S.js";
import "./chunk-AMLPSWQB.js";
import {
  words
} from "./chunk-3JMXPQPC.js";
import {
  codeMarkdown,
  escapeMarkdown
} from "./chunk-2PRNUFQD.js";
import "./chunk-RTAFFW6T.js";
import {
  EXIT,
  reasonOf,
  requireDatabase
} from "./chunk-LEIDD7WW.js";
import "./chunk-4AGB2JV4.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-TORRJGHT.js";
import "./chunk-63QZTHAV.js";
import {
  openForActionStop
} from "./chunk-YZ63ME2O.js";
import "./chunk-XUPDBDIB.js";
import "./chunk-2EWTX3ZV.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-ORCGCG3B.js";
import "./chunk-PNDQKD5W.js";
import "./chunk-QSIONP25.js";
import "./chunk-O673KTJQ.js";
import "./chunk-DFTZCUKI.js";
import "./chunk-A5IW2GV2.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-RZUBHR4S.js";
import "./chunk-IZWNLSLH.js";
import "./chunk-N4SPL67E.js";
import "./chunk-7N2S45PO.js";
import "./chunk-EVETM6WC.js";
import "./chunk-6XXLSJON.js";
import {
  errorText
} from "./chunk-GEW4BJNP.js";
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
  throw new RolloutError(
    "usage",
    all ? "a feature and all contradict each other" : "stop needs to know which feature",
    {
      hint: "set the input feature, or all for everything"
    }
  );
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
