import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/lib/error-text.ts
var SPEECHLESS = "an error without a message was thrown";
function errorText(thrown) {
  try {
    if (thrown instanceof AggregateError && thrown.errors.length > 0) {
      return thrown.errors.map(errorText).join("; ");
    }
    return String(thrown instanceof Error ? thrown.message || thrown.name : thrown);
  } catch {
    return "";
  }
}
function toError(thrown) {
  const words = errorText(thrown);
  try {
    if (thrown instanceof Error && typeof thrown.message === "string") return thrown;
  } catch {
  }
  return new Error(words || SPEECHLESS);
}
function errorCode(thrown) {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
}

export {
  errorText,
  toError,
  errorCode
};
