import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  failsForAll,
  isOff,
  messageOf,
  tellIncidents
} from "./chunk-XUUJJZBP.js";
import "./chunk-NXBKFUT3.js";
import "./chunk-MDGHS64V.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-BAOK6RMZ.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-3JFIW62T.js";
import "./chunk-PJQNFAOL.js";
import "./chunk-TORRJGHT.js";
import "./chunk-6A7CRQ5Y.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-7MLT33RO.js";
import "./chunk-KAEGSJSG.js";
import "./chunk-JTZVFYRV.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-P4LZ7ZNW.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  failsForAll,
  isOff,
  messageOf,
  tellIncidents
};
