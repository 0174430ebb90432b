import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  codeMarkdown,
  escapeMarkdown
} from "./chunk-VFLSN5YF.js";
import {
  EXIT,
  requireDatabase,
  requireReason
} from "./chunk-GR7OA4T4.js";
import "./chunk-PCRYKIAL.js";
import "./chunk-63QZTHAV.js";
import {
  openForActionStop
} from "./chunk-ZCXM2QAK.js";
import "./chunk-SZZ5JKLK.js";
import "./chunk-UEVRUX77.js";
import "./chunk-5Z4M5XNO.js";
import "./chunk-SVQTXOOW.js";
import "./chunk-ROPHYOFM.js";
import "./chunk-NGXP4PDZ.js";
import "./chunk-WKAZRE6W.js";
import "./chunk-VDCKB3VQ.js";
import "./chunk-GPWNTT44.js";
import "./chunk-U4JOIXHQ.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-ONQZMICL.js";
import "./chunk-VOBUUCNC.js";

// src/actions/stop.ts
var run = async ({ inputs, context, log }) => {
  const reason = requireReason(inputs);
  const feature = whichFeature(inputs);
  const { store, close } = await openForActionStop(requireDatabase(inputs));
  try {
    const { stopped, already_off } = await store.stop(feature, reason, context.actor, log);
    const lines = sentencesOf(feature, stopped, already_off);
    for (const line of lines) log(line);
    const incidents = await store.reading((read) => read.currentIncidents()).catch(() => []);
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
function sentencesOf(feature, stopped, alreadyOff) {
  const each = [
    ...stopped.map((name) => `${name} is stopped`),
    ...alreadyOff.map((name) => `${name} was stopped already`)
  ];
  return feature === null ? ["everything is stopped, and so is what is added later", ...each] : each;
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
