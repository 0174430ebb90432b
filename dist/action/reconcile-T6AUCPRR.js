import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile
} from "./chunk-EWHTNYI3.js";
import "./chunk-4ZBLQIHO.js";
import "./chunk-RNNL4REM.js";
import "./chunk-C4MDPZ4A.js";
import "./chunk-PFP2U37S.js";
import "./chunk-GZWRNGBZ.js";
import "./chunk-NWZVBTWW.js";
import "./chunk-SKHTEI6E.js";
import "./chunk-6JL5Z4JY.js";
import "./chunk-AD2CEPPX.js";
import "./chunk-KQQ7LP54.js";
import "./chunk-BRTXR6YH.js";
import "./chunk-5IBP2Q37.js";
import "./chunk-NXELXFFY.js";
import "./chunk-TORRJGHT.js";
import "./chunk-264FZAQV.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-TVORLO7R.js";
import "./chunk-N4SPL67E.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  reconcile
};
