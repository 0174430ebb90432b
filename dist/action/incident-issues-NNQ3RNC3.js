import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  failsForAll,
  isOff,
  messageOf,
  tellIncidents
} from "./chunk-2437UH7S.js";
import "./chunk-G7JEWZ3B.js";
import "./chunk-ANBBR5VY.js";
import "./chunk-ZMJYFEOS.js";
import "./chunk-IHJ5OOSS.js";
import "./chunk-3SL6W3HZ.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-NEFFZZXS.js";
import "./chunk-VFLSN5YF.js";
import "./chunk-PCRYKIAL.js";
import "./chunk-SVQTXOOW.js";
import "./chunk-ROPHYOFM.js";
import "./chunk-NGXP4PDZ.js";
import "./chunk-WKAZRE6W.js";
import "./chunk-U4JOIXHQ.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  failsForAll,
  isOff,
  messageOf,
  tellIncidents
};
