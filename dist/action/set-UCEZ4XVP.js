import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  editedFeature,
  raises,
  textToChange
} from "./chunk-WD75ERCQ.js";
import {
  changeFile,
  notDone,
  refuseHeld,
  refuseOff,
  refuseUnshown,
  viaOf
} from "./chunk-GCOCSPKL.js";
import "./chunk-RLDFTE43.js";
import "./chunk-BGW2B2BN.js";
import "./chunk-EWHTNYI3.js";
import "./chunk-4ZBLQIHO.js";
import "./chunk-RNNL4REM.js";
import "./chunk-C4MDPZ4A.js";
import "./chunk-PFP2U37S.js";
import "./chunk-GZWRNGBZ.js";
import "./chunk-NWZVBTWW.js";
import "./chunk-SKHTEI6E.js";
import "./chunk-6JL5Z4JY.js";
import "./chunk-AD2CEPPX.js";
import "./chunk-KQQ7LP54.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-BRTXR6YH.js";
import "./chunk-5IBP2Q37.js";
import "./chunk-NXELXFFY.js";
import "./chunk-TORRJGHT.js";
import "./chunk-264FZAQV.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-TVORLO7R.js";
import "./chunk-N4SPL67E.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/app/operate/set.ts
async function setPercentage(deps, input) {
  const { feature, percentage, reason } = input;
  const decide = (spec) => {
    refuseOff(feature, spec);
    refuseWhitelistStrategy(feature, spec);
    return spec.percentage === percentage ? [] : [{ kind: "set", path: ["percentage"], value: percentage }];
  };
  await refuseHeld(deps.store, feature);
  const edited = editedFeature(await textToChange(deps.repository, input.via), feature, decide);
  const from = edited.before.percentage;
  const requested = { code: "set", feature, from, to: percentage };
  const request = {
    command: `set ${feature} ${percentage}`,
    features: [feature],
    requested,
    trailers: [],
    proposal: { operation: "set", name: feature },
    via: viaOf(
      feature,
      input.via ?? (raises(edited) ? input.raiseVia : void 0),
      edited.before,
      raises(edited)
    ),
    reason,
    raises: raises(edited),
    edit: (text) => editedFeature(text, feature, decide).text
  };
  await refuseUnshown(deps, request);
  if (request.raises && !await input.agree(requested)) return notDone(request);
  return changeFile(deps, request);
}
function refuseWhitelistStrategy(feature, { strategy }) {
  if (strategy !== "whitelist") return;
  throw new RolloutError(
    "usage",
    `${feature} has the strategy whitelist, and the whitelist strategy has no percentage`,
    {
      hint: `change who is in with: rollout whitelist add ${feature} ..., or the strategy in the file`
    }
  );
}
export {
  setPercentage
};
