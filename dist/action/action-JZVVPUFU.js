import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
} from "./chunk-VXPJPOZI.js";
import "./chunk-XUPDBDIB.js";
import "./chunk-C66GLY5V.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-NWZVBTWW.js";
import "./chunk-SKHTEI6E.js";
import "./chunk-6JL5Z4JY.js";
import "./chunk-AD2CEPPX.js";
import "./chunk-B2KEE5F7.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-BRTXR6YH.js";
import "./chunk-NXELXFFY.js";
import "./chunk-264FZAQV.js";
import "./chunk-TVORLO7R.js";
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
