import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile
} from "./chunk-H7JRTCIZ.js";
import "./chunk-UQMFAHW3.js";
import "./chunk-KGTZJLT5.js";
import "./chunk-BDGD52UT.js";
import "./chunk-FSRUMNGE.js";
import "./chunk-JPMNDO3S.js";
import "./chunk-TORRJGHT.js";
import "./chunk-ORCGCG3B.js";
import "./chunk-PNDQKD5W.js";
import "./chunk-QSIONP25.js";
import "./chunk-O673KTJQ.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-RZUBHR4S.js";
import "./chunk-N4SPL67E.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  reconcile
};
