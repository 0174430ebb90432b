import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
} from "./chunk-ZCXM2QAK.js";
import "./chunk-SZZ5JKLK.js";
import "./chunk-UEVRUX77.js";
import "./chunk-5Z4M5XNO.js";
import "./chunk-SVQTXOOW.js";
import "./chunk-ROPHYOFM.js";
import "./chunk-NGXP4PDZ.js";
import "./chunk-WKAZRE6W.js";
import "./chunk-VDCKB3VQ.js";
import "./chunk-GPWNTT44.js";
import "./chunk-U4JOIXHQ.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-ONQZMICL.js";
import "./chunk-VOBUUCNC.js";
export {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
};
