import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/lib/utf8.ts
function utf8(content, shown) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new RolloutError("edit_refused", `${shown} was left as it is: it is not valid UTF-8`, {
      hint: `see where: rollout validate --file ${shown}`,
      cause
    });
  }
}

export {
  utf8
};
