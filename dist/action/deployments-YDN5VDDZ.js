import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  tellDeployments
<<<<<<<< HEAD:dist/action/deployments-X7FOGEPL.js
} from "./chunk-C356ML53.js";
import "./chunk-MIZ2V3AK.js";
import "./chunk-GTXM57NC.js";
import "./chunk-7N3I4NOP.js";
import "./chunk-VQDQBZL4.js";
========
} from "./chunk-ZZTDVXRX.js";
import "./chunk-SGGA3622.js";
import "./chunk-PKKZMQND.js";
import "./chunk-LLB7ZV5O.js";
import "./chunk-URXYXNAW.js";
>>>>>>>> 058c9c2 (The bundle as the sources make it):dist/action/deployments-YDN5VDDZ.js
import "./chunk-EVL2CKBG.js";
import "./chunk-O3CAQ77M.js";
import "./chunk-4KCFGPCE.js";
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
