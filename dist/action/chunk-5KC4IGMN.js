import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/guardrails/engine-refusal.ts
var EngineRefusal = class extends Error {
  /** Seconds for which the engine asked to be left alone; 0: it did not. */
  retryAfterSeconds;
  /** Does this hold for every query, so that no other one has to be tried now? */
  forAll;
  constructor(message, { retryAfterSeconds = 0, forAll = false } = {}) {
    super(message);
    this.name = "EngineRefusal";
    this.retryAfterSeconds = retryAfterSeconds;
    this.forAll = forAll;
  }
};

export {
  EngineRefusal
};
