import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  raisedBetween
} from "./chunk-WWHDWGQW.js";
import "./chunk-YBAO55PZ.js";
import "./chunk-NL2ETAZQ.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-7KRZNIVU.js";
import "./chunk-QDLEX4JC.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VOBUUCNC.js";
export {
  raisedBetween
};
