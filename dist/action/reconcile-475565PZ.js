import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile,
  unreadable
} from "./chunk-T452X55C.js";
import "./chunk-4AOG64BS.js";
import "./chunk-3UAT6CCG.js";
import "./chunk-3RYTIUIT.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-2WVDZ3YS.js";
import "./chunk-BE65SWT5.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-YFBGCKTI.js";
import "./chunk-5DF5547D.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-JG6JXBIH.js";
import "./chunk-AZ2KCKNG.js";
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
