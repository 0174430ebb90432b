import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  refuseHeld,
  refuseOff
} from "./chunk-BHBBSZP6.js";
import {
  editedFeature,
  raises,
  textToChange
} from "./chunk-HIBJPWM6.js";
import {
  changeFile,
  declined,
  viaOf
} from "./chunk-LISWMSJC.js";
import "./chunk-7N3I4NOP.js";
import "./chunk-KK7QS5LL.js";
import "./chunk-ZOVTE6U2.js";
import "./chunk-35P45YSF.js";
import "./chunk-VQDQBZL4.js";
import "./chunk-EVL2CKBG.js";
import "./chunk-O3CAQ77M.js";
import "./chunk-U4JOIXHQ.js";
import "./chunk-LYKBHCT6.js";
import "./chunk-Q4CRTSQC.js";
import "./chunk-7XJAIWBU.js";
import "./chunk-VIO3YKVB.js";
import "./chunk-YNMI2IWZ.js";
import "./chunk-TCRJPBTA.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/app/set.ts
async function setPercentage(deps, input) {
  const { feature, percentage, reason } = input;
  const decide = (spec) => {
    refuseOff(feature, spec);
    refuseWhitelistStrategy(feature, spec);
    return spec.percentage === percentage ? [] : [{ kind: "set", path: ["percentage"], value: percentage }];
  };
  await refuseHeld(deps.store, feature);
  const edited = editedFeature(await textToChange(deps.repository, input.via), feature, decide);
  const request = {
    command: `set ${feature} ${percentage}`,
    features: [feature],
    title: `Set ${feature} to ${percentage} %`,
    facts: [`From ${edited.before.percentage} % to ${percentage} %.`],
    trailers: [],
    branch: `rollout/set/${feature}`,
    via: viaOf(input.via ?? (raises(edited) ? input.raiseVia : void 0), edited.before, raises(edited)),
    reason,
    raises: raises(edited),
    edit: (text) => editedFeature(text, feature, decide).text
  };
  const question = `Raise ${feature} from ${edited.before.percentage} % to ${percentage} %?`;
  if (request.raises && !await input.agree(question)) return declined(request);
  return changeFile(deps, request);
}
function refuseWhitelistStrategy(feature, { strategy }) {
  if (strategy !== "whitelist") return;
  throw new RolloutError("usage", `${feature} has the strategy whitelist, which knows no percentage`, {
    hint: `change who is in with: rollout whitelist add ${feature} ..., or the strategy in the file`
  });
}
export {
  setPercentage
};
