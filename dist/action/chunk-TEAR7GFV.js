import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/plan/reason.ts
function exposureFacts({
  active,
  emergency_stop,
  strategy,
  percentage,
  whitelist
}) {
  return { active, emergency_stop, strategy, percentage, whitelist: whitelist.length };
}
function reasonFacts(reason) {
  if (reason.code !== "updated") return reason;
  const { differences: _differences, ...facts } = reason;
  return facts;
}

export {
  exposureFacts,
  reasonFacts
};
