import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
<<<<<<< HEAD:dist/action/set-JA3OMI6J.js
} from "./chunk-24GMUM6Y.js";
import "./chunk-MJ7W7REP.js";
import "./chunk-MPC7A7DP.js";
=======
} from "./chunk-UEFJJDLG.js";
import "./chunk-HTAVCGXC.js";
import "./chunk-PRVGM652.js";
>>>>>>> a048f1d (One entry more or less in a long list is planned in one pass: looking each up in the other list took eight minutes for 100,000, under the history lock):dist/action/set-U5WMAU2C.js
import "./chunk-VDVZ4JP5.js";
import "./chunk-UNXCGD26.js";
import "./chunk-HXCYHWXJ.js";
import "./chunk-KVHR46QD.js";
import "./chunk-OUF6XILF.js";
import {
  requireFeature
} from "./chunk-OBEJMKGW.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-CKZLTXIC.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/set.ts
var run = (session) => changing(session, async (opened) => {
  const { inputs } = session;
  const { percentage } = inputs;
  if (percentage === null) {
    throw new RolloutError("usage", "set needs to know the percentage", {
      hint: "set the input percentage"
    });
  }
<<<<<<< HEAD:dist/action/set-JA3OMI6J.js
<<<<<<<< HEAD:dist/action/set-ZK7OWBWQ.js
  const { setPercentage } = await import("./set-JNQW27L2.js");
========
  const { setPercentage } = await import("./set-FO6UDISU.js");
>>>>>>>> 860e56f (Plan says of a row that SQL wrote what it is, and the command for each way on):dist/action/set-JA3OMI6J.js
=======
  const { setPercentage } = await import("./set-CLVEHSDT.js");
>>>>>>> a048f1d (One entry more or less in a long list is planned in one pass: looking each up in the other list took eight minutes for 100,000, under the history lock):dist/action/set-U5WMAU2C.js
  const how = { ...changeOptions(inputs), raiseVia: "pull_request" };
  return setPercentage(opened, { feature: requireFeature(inputs), percentage, ...how });
});
export {
  run
};
