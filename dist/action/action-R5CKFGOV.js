import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
} from "./chunk-YZ63ME2O.js";
import "./chunk-XUPDBDIB.js";
import "./chunk-2EWTX3ZV.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-ORCGCG3B.js";
import "./chunk-PNDQKD5W.js";
import "./chunk-QSIONP25.js";
import "./chunk-O673KTJQ.js";
import "./chunk-DFTZCUKI.js";
import "./chunk-A5IW2GV2.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-RZUBHR4S.js";
import "./chunk-IZWNLSLH.js";
import "./chunk-N4SPL67E.js";
import "./chunk-7N2S45PO.js";
import "./chunk-EVETM6WC.js";
import "./chunk-6XXLSJON.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-ONQZMICL.js";
import "./chunk-VOBUUCNC.js";
export {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
};
