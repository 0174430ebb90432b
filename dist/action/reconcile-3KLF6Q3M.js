import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile,
  unreadable
} from "./chunk-TBIMUGUZ.js";
import "./chunk-QBLHMJ65.js";
import "./chunk-PGL2G6C6.js";
import "./chunk-WN6B2OSE.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-YBAO55PZ.js";
import "./chunk-NL2ETAZQ.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-KR6QHLVQ.js";
import "./chunk-FDZKIUTD.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-7KRZNIVU.js";
import "./chunk-QDLEX4JC.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-N4SPL67E.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  reconcile,
  unreadable
};
