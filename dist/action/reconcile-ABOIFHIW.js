import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile
<<<<<<<< HEAD:dist/action/reconcile-GMLVGSXT.js
} from "./chunk-S5RWV3ZI.js";
import "./chunk-IFIVTBVU.js";
========
} from "./chunk-CUN3HLCP.js";
import "./chunk-UEYKW3GJ.js";
>>>>>>>> 058c9c2 (The bundle as the sources make it):dist/action/reconcile-ABOIFHIW.js
import "./chunk-35P45YSF.js";
import "./chunk-VQDQBZL4.js";
import "./chunk-EVL2CKBG.js";
import "./chunk-O3CAQ77M.js";
import "./chunk-U4JOIXHQ.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-Q4CRTSQC.js";
import "./chunk-7XJAIWBU.js";
import "./chunk-VIO3YKVB.js";
import "./chunk-YNMI2IWZ.js";
import "./chunk-TCRJPBTA.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  reconcile
};
