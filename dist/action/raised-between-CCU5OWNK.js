import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  raisedBetween
} from "./chunk-FKKJJCRV.js";
import "./chunk-YZAFORQB.js";
import "./chunk-PJQNFAOL.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-JBFJBGV7.js";
import "./chunk-JTZVFYRV.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VOBUUCNC.js";
export {
  raisedBetween
};
