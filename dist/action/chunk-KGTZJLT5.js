import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/spec/freeze.ts
function freezeAt(freezes, now) {
  const day = now.toISOString().slice(0, 10);
  return freezes.find((freeze) => freeze.from <= day && day <= freeze.to) ?? null;
}

export {
  freezeAt
};
