import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  FEATURE_STATES
} from "./chunk-A47UFC42.js";

// src/report/gravest-first.ts
function gravestFirst(features) {
  const place = ({ state }) => FEATURE_STATES.indexOf(state);
  return [...features].sort((a, b) => place(a) - place(b) || (a.feature < b.feature ? -1 : 1));
}

export {
  gravestFirst
};
