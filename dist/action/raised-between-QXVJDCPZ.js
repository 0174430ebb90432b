import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  raisedBetween
} from "./chunk-LUVKF2MH.js";
import "./chunk-2WVDZ3YS.js";
import "./chunk-BE65SWT5.js";
import "./chunk-TORRJGHT.js";
import "./chunk-NDEX3QJC.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-JG6JXBIH.js";
import "./chunk-AZ2KCKNG.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VOBUUCNC.js";
export {
  raisedBetween
};
