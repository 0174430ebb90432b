import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  outcomeKey,
  tellMerged,
  withOutcome
} from "./chunk-MLDSH364.js";
import "./chunk-MW2G72V7.js";
import "./chunk-GBHA3ABM.js";
import "./chunk-FDG4YUDM.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-LDAQQ4WT.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-YZAFORQB.js";
import "./chunk-PJQNFAOL.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-7MLT33RO.js";
import "./chunk-JBFJBGV7.js";
import "./chunk-JTZVFYRV.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  outcomeKey,
  tellMerged,
  withOutcome
};
