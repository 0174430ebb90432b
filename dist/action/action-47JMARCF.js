import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
<<<<<<<< HEAD:dist/action/action-47JMARCF.js
} from "./chunk-IDHEAMQM.js";
========
} from "./chunk-4ARTLLJY.js";
>>>>>>>> 860e56f (Plan says of a row that SQL wrote what it is, and the command for each way on):dist/action/action-4AQWFNGP.js
import "./chunk-SZZ5JKLK.js";
import "./chunk-FYSG6YLL.js";
import "./chunk-L7KBJKB6.js";
import "./chunk-PFQDFNKT.js";
import "./chunk-YNMI2IWZ.js";
import "./chunk-TCRJPBTA.js";
<<<<<<<< HEAD:dist/action/action-47JMARCF.js
import "./chunk-VP6XARWI.js";
========
import "./chunk-ESHLNJYS.js";
>>>>>>>> 860e56f (Plan says of a row that SQL wrote what it is, and the command for each way on):dist/action/action-4AQWFNGP.js
import "./chunk-VJG7DGAT.js";
import "./chunk-ONQZMICL.js";
import "./chunk-VOBUUCNC.js";
export {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
};
