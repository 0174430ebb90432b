import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile
<<<<<<<< HEAD:dist/action/reconcile-Q3IS5DGH.js
} from "./chunk-HROEI2DB.js";
import "./chunk-UHH5DNHC.js";
========
} from "./chunk-QXL3QFE7.js";
import "./chunk-Q6JQ6III.js";
>>>>>>>> 8d0dfe0 (A revert counts by what the file says, not by words alone: one that broke the file, one only said to be undone and one that waited on its branch passed as a resume; one question for all incidents of a commit):dist/action/reconcile-VTRNJHDS.js
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
