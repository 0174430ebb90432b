import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile,
  unreadable
} from "./chunk-BY64FR4O.js";
import "./chunk-SKB2HH4D.js";
import "./chunk-G7UQMK4E.js";
import "./chunk-LDAQQ4WT.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-YZAFORQB.js";
import "./chunk-PJQNFAOL.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-SAO6ZP2K.js";
import "./chunk-7MLT33RO.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-JBFJBGV7.js";
import "./chunk-JTZVFYRV.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-N4SPL67E.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  reconcile,
  unreadable
};
