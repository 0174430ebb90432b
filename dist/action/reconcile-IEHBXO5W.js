import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile,
  unreadable
} from "./chunk-C7V5PX36.js";
import "./chunk-36Z5URPX.js";
import "./chunk-IMKMIPY4.js";
import "./chunk-IEE7E5ZV.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-HXZO3M6M.js";
import "./chunk-MKL66GFQ.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-KR6QHLVQ.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-FDZKIUTD.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-WNJ2HUZN.js";
import "./chunk-QDLEX4JC.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-N4SPL67E.js";
import "./chunk-5VT6VSXC.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  reconcile,
  unreadable
};
