import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  editFeature
} from "./chunk-7T6ZLV7I.js";
import {
  utf8
} from "./chunk-QYTOR3Q2.js";
import {
  parseConfig
} from "./chunk-6HZFIDOY.js";
import {
  atMost
} from "./chunk-T5UFH23J.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/operate/file-text.ts
async function textToChange(repository, via) {
  const { path, content } = await repository.read(via ?? "commit");
  return utf8(content, path);
}
function configIn(text) {
  const { config, problems } = parseConfig(text);
  if (config) return config;
  throw invalid("rollout.yaml has errors", problems.find(({ severity }) => severity === "error")?.message);
}
function specIn(text, feature) {
  const { broken } = parseConfig(text);
  const spec = configIn(text).features.get(feature);
  if (spec) return spec;
  const [problem] = broken.get(feature) ?? [];
  if (problem) throw invalid(`${feature} has errors in rollout.yaml`, problem.message);
  editFeature(text, feature, []);
  throw new RolloutError("unknown_feature", `there is no feature ${feature} in the file`);
}
function editedFeature(text, feature, decide) {
  const before = specIn(text, feature);
  const edited = editFeature(text, feature, decide(before));
  return { text: edited, before, after: withThat(() => specIn(edited, feature)) };
}
function withThat(read) {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RolloutError) || error.code !== "file_invalid") throw error;
    throw new RolloutError(
      "file_invalid",
      `nothing was changed, because the file would have an error: ${error.message}`,
      {
        hint: "fix the conflicting setting first, with its own command or in the file",
        cause: error
      }
    );
  }
}
function raises({ before, after }) {
  return !atMost(after, before);
}
function invalid(message, why) {
  return new RolloutError("file_invalid", why ? `${message}: ${why}` : message, {
    hint: "see them with: rollout validate"
  });
}

export {
  textToChange,
  specIn,
  editedFeature,
  raises
};
