import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile,
  unreadable
} from "./chunk-KQCXYNUU.js";
import "./chunk-VR4I337A.js";
import "./chunk-CGKZ2VQL.js";
import "./chunk-V6CWIZKH.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-6HZFIDOY.js";
import "./chunk-E7ZLXCHG.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-BYGHVZ3S.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-BMBMLGWI.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-DXL3VAZT.js";
import "./chunk-T5UFH23J.js";
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
