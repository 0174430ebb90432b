import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile
} from "./chunk-W36RIRLE.js";
import "./chunk-YRQQYAGQ.js";
import "./chunk-35P45YSF.js";
import "./chunk-UPOOPPL7.js";
import "./chunk-353ZKPBK.js";
import "./chunk-VZYDYFT3.js";
import "./chunk-52BETDGQ.js";
import "./chunk-L7KBJKB6.js";
import "./chunk-U4JOIXHQ.js";
import "./chunk-E75OYVUH.js";
import "./chunk-YNMI2IWZ.js";
import "./chunk-U5SUWIFJ.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  reconcile
};
