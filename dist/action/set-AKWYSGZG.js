import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  editedFeature,
  raises,
  textToChange
} from "./chunk-5VL7IKC7.js";
import {
  changeFile,
  notDone,
  refuseHeld,
  refuseOff,
  refuseUnshown,
  viaOf
} from "./chunk-KCWRWXUR.js";
import "./chunk-RLDFTE43.js";
import "./chunk-C7V5PX36.js";
import "./chunk-DNR4FPOO.js";
import "./chunk-36Z5URPX.js";
import "./chunk-IMKMIPY4.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-IEE7E5ZV.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-HXZO3M6M.js";
import "./chunk-MKL66GFQ.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-KR6QHLVQ.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-FDZKIUTD.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-WNJ2HUZN.js";
import "./chunk-QDLEX4JC.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-N4SPL67E.js";
import "./chunk-5VT6VSXC.js";
import "./chunk-YD3QEZ7G.js";
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
      raises(edited),
      percentage
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
