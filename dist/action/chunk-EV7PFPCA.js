import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/report/words/report-words.ts
var WORDS = {
  stopped: "stopped",
  held: "held",
  rolled_back: "rolled back",
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
  drift: "reduced by hand"
};
function incidentWord(kind) {
  return INCIDENTS[kind];
}
var WRITE_BACKS = {
  pending: "pending",
  proposed: "proposed",
  done: "done",
  not_needed: "not needed",
  handed_on: "handed on to another incident"
};
function writeBackWord(state) {
  return WRITE_BACKS[state];
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
  stateWord,
  incidentWord,
  writeBackWord,
  actionWord
};
