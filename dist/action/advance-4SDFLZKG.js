import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
<<<<<<< HEAD:dist/action/advance-U54YWGXK.js
} from "./chunk-24GMUM6Y.js";
import "./chunk-MJ7W7REP.js";
import "./chunk-MPC7A7DP.js";
=======
} from "./chunk-UEFJJDLG.js";
import "./chunk-HTAVCGXC.js";
import "./chunk-PRVGM652.js";
>>>>>>> a048f1d (One entry more or less in a long list is planned in one pass: looking each up in the other list took eight minutes for 100,000, under the history lock):dist/action/advance-4SDFLZKG.js
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
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/actions/advance.ts
var run = (session) => changing(session, async (opened) => {
  const { inputs, environment } = session;
  const how = { ...changeOptions(inputs), via: inputs.via ?? "pull_request" };
<<<<<<< HEAD:dist/action/advance-U54YWGXK.js
<<<<<<<< HEAD:dist/action/advance-OJOMXQLL.js
  const { advanceFeature } = await import("./advance-VOGXS2A7.js");
========
  const { advanceFeature } = await import("./advance-JTFVIH6H.js");
>>>>>>>> 860e56f (Plan says of a row that SQL wrote what it is, and the command for each way on):dist/action/advance-U54YWGXK.js
=======
  const { advanceFeature } = await import("./advance-HOLUNZLR.js");
>>>>>>> a048f1d (One entry more or less in a long list is planned in one pass: looking each up in the other list took eight minutes for 100,000, under the history lock):dist/action/advance-4SDFLZKG.js
  return advanceFeature(opened, {
    ...how,
    feature: requireFeature(inputs),
    environment,
    force: inputs.force
  });
});
export {
  run
};
