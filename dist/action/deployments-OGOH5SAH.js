import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  tellDeployments
<<<<<<<< HEAD:dist/action/deployments-XPTE4PLH.js
} from "./chunk-AHMKKTNM.js";
import "./chunk-TW4HUQWN.js";
import "./chunk-JYD3P477.js";
import "./chunk-6M4LBMV6.js";
import "./chunk-TX2T3FRY.js";
========
} from "./chunk-6DGNSDRA.js";
import "./chunk-4AKO6W3T.js";
import "./chunk-QZCQ25AK.js";
import "./chunk-LLB7ZV5O.js";
import "./chunk-NYI7CGC2.js";
>>>>>>>> a048f1d (One entry more or less in a long list is planned in one pass: looking each up in the other list took eight minutes for 100,000, under the history lock):dist/action/deployments-OGOH5SAH.js
import "./chunk-EVL2CKBG.js";
import "./chunk-O3CAQ77M.js";
import "./chunk-HXCYHWXJ.js";
import "./chunk-KVHR46QD.js";
import "./chunk-OUF6XILF.js";
import "./chunk-U4JOIXHQ.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-7XJAIWBU.js";
import "./chunk-VIO3YKVB.js";
import "./chunk-YNMI2IWZ.js";
import "./chunk-TCRJPBTA.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  tellDeployments
};
