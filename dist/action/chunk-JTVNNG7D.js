import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  FEATURE_STATES
} from "./chunk-XQV2DGGU.js";

// src/report/gravest-first.ts
function gravestFirst(features) {
  const place = ({ state }) => FEATURE_STATES.indexOf(state);
  return [...features].sort((a, b) => place(a) - place(b) || (a.feature < b.feature ? -1 : 1));
}

// src/report/report-words.ts
var WORDS = {
  stopped: "stopped",
  held: "held",
  taken_back: "taken back",
  harmful: "harmful",
  error: "not judged",
  suspect: "suspect",
  warning: "warning",
  paused: "paused",
  frozen: "frozen",
  no_data: "no data",
  gathering: "gathering",
  soaking: "soaking",
  ready: "ready",
  healthy: "healthy",
  off: "off"
};
function stateWord(state) {
  return WORDS[state];
}
var INCIDENTS = {
  rollback: "rollback",
  emergency_stop: "emergency stop",
  drift: "made narrower by hand"
};
function incidentWord(kind) {
  return INCIDENTS[kind];
}
var ACTIONS = {
  emergency_stop: "emergency stop",
  drift_repaired: "drift repaired",
  drift_adopted: "drift adopted",
  population_changed: "population changed",
  env_override: "override"
};
function actionWord(action) {
  return ACTIONS[action] ?? action;
}

export {
  gravestFirst,
  stateWord,
  incidentWord,
  actionWord
};
