import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile
<<<<<<< HEAD:dist/action/reconcile-6VZTB7H3.js
<<<<<<<< HEAD:dist/action/reconcile-K45S2IZZ.js
} from "./chunk-VQHOHZPZ.js";
import "./chunk-UIB5XFY4.js";
========
} from "./chunk-R5PAMDZP.js";
import "./chunk-ZLBTDPGM.js";
>>>>>>>> 860e56f (Plan says of a row that SQL wrote what it is, and the command for each way on):dist/action/reconcile-6VZTB7H3.js
import "./chunk-35P45YSF.js";
import "./chunk-TX2T3FRY.js";
=======
} from "./chunk-SJTXAFII.js";
import "./chunk-KAAR5TIK.js";
import "./chunk-35P45YSF.js";
import "./chunk-NYI7CGC2.js";
>>>>>>> a048f1d (One entry more or less in a long list is planned in one pass: looking each up in the other list took eight minutes for 100,000, under the history lock):dist/action/reconcile-VS2XBUDK.js
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
