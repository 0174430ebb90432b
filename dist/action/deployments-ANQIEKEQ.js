import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  tellDeployments
} from "./chunk-5HNBZ6LF.js";
import "./chunk-MIZ2V3AK.js";
import "./chunk-GTXM57NC.js";
import "./chunk-7N3I4NOP.js";
import "./chunk-VQDQBZL4.js";
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
