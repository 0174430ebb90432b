import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  failsForAll,
  isOff,
  messageOf,
  tellIncidents
} from "./chunk-LDCDKVIG.js";
import "./chunk-EWL63GH6.js";
import "./chunk-QFXRMSZM.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-G2A3K2YX.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-I3A7XAY2.js";
import "./chunk-6FSCVBZF.js";
import "./chunk-TORRJGHT.js";
import "./chunk-6A7CRQ5Y.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-EKXIJ6CQ.js";
import "./chunk-G5DTWWWI.js";
import "./chunk-AC6Y2UD2.js";
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
