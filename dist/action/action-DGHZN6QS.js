import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
<<<<<<<< HEAD:dist/action/action-DGHZN6QS.js
} from "./chunk-F6PZT3KR.js";
========
} from "./chunk-PBVUBMMP.js";
>>>>>>>> da5d224 (A superseded incident's write-back is shown as handed on: pending, it looked as if somebody had still to act):dist/action/action-XKJGTGAT.js
import "./chunk-SZZ5JKLK.js";
import "./chunk-FYSG6YLL.js";
import "./chunk-L7KBJKB6.js";
import "./chunk-PFQDFNKT.js";
import "./chunk-YNMI2IWZ.js";
import "./chunk-TCRJPBTA.js";
import "./chunk-VP6XARWI.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-ONQZMICL.js";
import "./chunk-VOBUUCNC.js";
export {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
};
