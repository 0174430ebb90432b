import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  messageOf,
  tellIncidents
} from "./chunk-3TXG7SW4.js";
import "./chunk-MSTOZ2XU.js";
import "./chunk-PR4MG2PC.js";
import "./chunk-353ZKPBK.js";
import "./chunk-VZYDYFT3.js";
import "./chunk-52BETDGQ.js";
import "./chunk-KVHR46QD.js";
import "./chunk-OUF6XILF.js";
import "./chunk-L7KBJKB6.js";
import "./chunk-U4JOIXHQ.js";
import "./chunk-E75OYVUH.js";
import "./chunk-YNMI2IWZ.js";
import "./chunk-U5SUWIFJ.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  messageOf,
  tellIncidents
};
