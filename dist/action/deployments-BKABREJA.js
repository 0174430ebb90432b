import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  tellDeployments
} from "./chunk-VQ3HIKTI.js";
import "./chunk-FZYNLT7J.js";
import "./chunk-YZQ3ILOA.js";
import "./chunk-GHG36R4P.js";
import "./chunk-5X5ZV34E.js";
import "./chunk-G4RXG7KE.js";
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
