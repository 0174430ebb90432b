import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  tellDeployments
} from "./chunk-QFQBO4Z7.js";
import "./chunk-WMPIRC73.js";
import "./chunk-7MO6NAHE.js";
import "./chunk-7T6ZLV7I.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-V6CWIZKH.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-6HZFIDOY.js";
import "./chunk-E7ZLXCHG.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-BMBMLGWI.js";
import "./chunk-DXL3VAZT.js";
import "./chunk-T5UFH23J.js";
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
  tellDeployments
};
