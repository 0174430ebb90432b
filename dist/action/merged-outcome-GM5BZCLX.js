import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  outcomeKey,
  tellMerged,
  withOutcome
} from "./chunk-GNQEOTK6.js";
import "./chunk-KJ3MUE2U.js";
import "./chunk-YBKK4KRZ.js";
import "./chunk-DNR4FPOO.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-IEE7E5ZV.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-HXZO3M6M.js";
import "./chunk-MKL66GFQ.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-FDZKIUTD.js";
import "./chunk-WNJ2HUZN.js";
import "./chunk-QDLEX4JC.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-5VT6VSXC.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  outcomeKey,
  tellMerged,
  withOutcome
};
