import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile,
  unreadable
} from "./chunk-FQHA4MOI.js";
import "./chunk-UHALJPK4.js";
import "./chunk-G7UQMK4E.js";
import "./chunk-BAOK6RMZ.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-3JFIW62T.js";
import "./chunk-PJQNFAOL.js";
import "./chunk-TORRJGHT.js";
import "./chunk-6A7CRQ5Y.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-SAO6ZP2K.js";
import "./chunk-7MLT33RO.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-KAEGSJSG.js";
import "./chunk-JTZVFYRV.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-P4LZ7ZNW.js";
import "./chunk-N4SPL67E.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  reconcile,
  unreadable
};
