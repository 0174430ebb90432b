import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  countSubjects,
  nothingPlanned,
  planAgainstFile,
  planFile,
  refuseEmptyFile,
  testDifference,
  validated
} from "./chunk-ZOVTE6U2.js";
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
  countSubjects,
  nothingPlanned,
  planAgainstFile,
  planFile,
  refuseEmptyFile,
  testDifference,
  validated
};
