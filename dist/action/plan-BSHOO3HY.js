import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  countSubjects,
  nothingPlanned,
  planAgainstFile,
  planFile,
  refuseEmptyFile,
  testDifference,
  validated
<<<<<<<< HEAD:dist/action/plan-BSHOO3HY.js
} from "./chunk-UIB5XFY4.js";
========
} from "./chunk-ZLBTDPGM.js";
>>>>>>>> 860e56f (Plan says of a row that SQL wrote what it is, and the command for each way on):dist/action/plan-MP37JYMT.js
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
  countSubjects,
  nothingPlanned,
  planAgainstFile,
  planFile,
  refuseEmptyFile,
  testDifference,
  validated
};
