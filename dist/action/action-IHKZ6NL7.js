import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
} from "./chunk-UV7B6OOY.js";
import "./chunk-PAIFAIRZ.js";
import "./chunk-C66GLY5V.js";
import "./chunk-YWAMZUHQ.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-YFBGCKTI.js";
import "./chunk-5DF5547D.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-JG6JXBIH.js";
import "./chunk-AZ2KCKNG.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-YA6QO2EA.js";
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
