import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  tellDeployments
} from "./chunk-M6GFI45G.js";
import "./chunk-6EJFHNSN.js";
import "./chunk-JPM4YS5S.js";
import "./chunk-2G2DKZLP.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-WN6B2OSE.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-YBAO55PZ.js";
import "./chunk-NL2ETAZQ.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-FDZKIUTD.js";
import "./chunk-7KRZNIVU.js";
import "./chunk-QDLEX4JC.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  tellDeployments
};
