import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  migrateForAction,
  openForAction,
  openForActionStop,
  openForTakingAway
<<<<<<< HEAD:dist/action/action-4AQWFNGP.js
<<<<<<<< HEAD:dist/action/action-47JMARCF.js
} from "./chunk-IDHEAMQM.js";
========
} from "./chunk-4ARTLLJY.js";
>>>>>>>> 860e56f (Plan says of a row that SQL wrote what it is, and the command for each way on):dist/action/action-4AQWFNGP.js
=======
} from "./chunk-RWEDSW4Z.js";
>>>>>>> a048f1d (One entry more or less in a long list is planned in one pass: looking each up in the other list took eight minutes for 100,000, under the history lock):dist/action/action-F4R2LO6X.js
import "./chunk-SZZ5JKLK.js";
import "./chunk-Q4CRTSQC.js";
import "./chunk-7XJAIWBU.js";
import "./chunk-VIO3YKVB.js";
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
