import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  tellDeployments
} from "./chunk-VJ6KOBIH.js";
import "./chunk-3KQSRFXD.js";
import "./chunk-HYA67ODY.js";
import "./chunk-CRPEAGV4.js";
import "./chunk-BDGD52UT.js";
import "./chunk-FSRUMNGE.js";
import "./chunk-JPMNDO3S.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-TORRJGHT.js";
import "./chunk-PNDQKD5W.js";
import "./chunk-QSIONP25.js";
import "./chunk-O673KTJQ.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-RZUBHR4S.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  tellDeployments
};
