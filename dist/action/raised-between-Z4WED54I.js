import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  raisedBetween
} from "./chunk-GXKWMXAQ.js";
import "./chunk-I3A7XAY2.js";
import "./chunk-6FSCVBZF.js";
import "./chunk-TORRJGHT.js";
import "./chunk-6A7CRQ5Y.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-G5DTWWWI.js";
import "./chunk-AC6Y2UD2.js";
import "./chunk-264FZAQV.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-P4LZ7ZNW.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VOBUUCNC.js";
export {
  raisedBetween
};
