import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile,
  unreadable
} from "./chunk-TI24HBRY.js";
import "./chunk-G2D2M24G.js";
import "./chunk-S2VZAMGJ.js";
import "./chunk-G2A3K2YX.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-I3A7XAY2.js";
import "./chunk-6FSCVBZF.js";
import "./chunk-TORRJGHT.js";
import "./chunk-6A7CRQ5Y.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-2NBHHZZW.js";
import "./chunk-EKXIJ6CQ.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-G5DTWWWI.js";
import "./chunk-AC6Y2UD2.js";
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
