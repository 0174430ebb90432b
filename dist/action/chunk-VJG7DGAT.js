import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/errors.ts
var RolloutError = class extends Error {
  code;
  hint;
  constructor(code, message, options = {}) {
    super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
    this.name = "RolloutError";
    this.code = code;
    this.hint = options.hint;
  }
};

export {
  RolloutError
};
