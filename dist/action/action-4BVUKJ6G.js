import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
} from "./chunk-3NK3EQNQ.js";
import "./chunk-SZZ5JKLK.js";
import "./chunk-Q4CRTSQC.js";
import "./chunk-7XJAIWBU.js";
import "./chunk-VIO3YKVB.js";
import "./chunk-YNMI2IWZ.js";
import "./chunk-TCRJPBTA.js";
import "./chunk-EVPBXHAS.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-ONQZMICL.js";
import "./chunk-VOBUUCNC.js";
export {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
};
