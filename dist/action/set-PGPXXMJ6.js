import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  changeOptions,
  changing
<<<<<<<< HEAD:dist/action/set-PGPXXMJ6.js
} from "./chunk-Z7JBLNEK.js";
import "./chunk-DF6LNGCE.js";
import "./chunk-SIJCGFRR.js";
import "./chunk-VDVZ4JP5.js";
========
} from "./chunk-6VWBAM5F.js";
import "./chunk-667GZHZT.js";
import "./chunk-P25OJV7U.js";
import "./chunk-RWOWFBLH.js";
>>>>>>>> 058c9c2 (The bundle as the sources make it):dist/action/set-QTLJP7ES.js
import "./chunk-UNXCGD26.js";
import "./chunk-4KCFGPCE.js";
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
<<<<<<<< HEAD:dist/action/set-PGPXXMJ6.js
  const { setPercentage } = await import("./set-7YD6IXYT.js");
========
  const { setPercentage } = await import("./set-L7R47ZTN.js");
>>>>>>>> 058c9c2 (The bundle as the sources make it):dist/action/set-QTLJP7ES.js
  const how = { ...changeOptions(inputs), raiseVia: "pull_request" };
  return setPercentage(opened, { feature: requireFeature(inputs), percentage, ...how });
});
export {
  run
};
