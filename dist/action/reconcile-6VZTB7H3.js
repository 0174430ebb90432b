import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile
<<<<<<<< HEAD:dist/action/reconcile-K45S2IZZ.js
} from "./chunk-VQHOHZPZ.js";
import "./chunk-UIB5XFY4.js";
========
} from "./chunk-R5PAMDZP.js";
import "./chunk-ZLBTDPGM.js";
>>>>>>>> 860e56f (Plan says of a row that SQL wrote what it is, and the command for each way on):dist/action/reconcile-6VZTB7H3.js
import "./chunk-35P45YSF.js";
import "./chunk-TX2T3FRY.js";
import "./chunk-EVL2CKBG.js";
import "./chunk-O3CAQ77M.js";
import "./chunk-U4JOIXHQ.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-FYSG6YLL.js";
import "./chunk-L7KBJKB6.js";
import "./chunk-PFQDFNKT.js";
import "./chunk-YNMI2IWZ.js";
import "./chunk-TCRJPBTA.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  reconcile
};
