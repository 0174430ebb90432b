import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  tellDeployments
} from "./chunk-7763PNXV.js";
import "./chunk-JEK4ZZLP.js";
import "./chunk-BTGFWWOV.js";
import "./chunk-H3SVBG7Z.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-WWIPZV7G.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-H7K66AUR.js";
import "./chunk-NL2ETAZQ.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-FDZKIUTD.js";
import "./chunk-7KRZNIVU.js";
import "./chunk-QDLEX4JC.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";
export {
  tellDeployments
};
