import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  raisedBetween
} from "./chunk-BQVI7CEN.js";
import "./chunk-6HZFIDOY.js";
import "./chunk-E7ZLXCHG.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-DXL3VAZT.js";
import "./chunk-T5UFH23J.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VOBUUCNC.js";
export {
  raisedBetween
};
