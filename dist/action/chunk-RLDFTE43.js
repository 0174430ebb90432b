import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/file-edit.ts
function attempted(edit) {
  try {
    return { text: edit() };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    return { refused: error };
  }
}

export {
  attempted
};
