import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  raisedBetween
} from "./chunk-AM4CEVUX.js";
import "./chunk-3JFIW62T.js";
import "./chunk-PJQNFAOL.js";
import "./chunk-TORRJGHT.js";
import "./chunk-6A7CRQ5Y.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-KAEGSJSG.js";
import "./chunk-JTZVFYRV.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-P4LZ7ZNW.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VOBUUCNC.js";
export {
  raisedBetween
};
