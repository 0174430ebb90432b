import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/policy/breach.ts
function onlyWaits(breaches) {
  return breaches.length > 0 && breaches.every(({ code }) => code === "outside_hours");
}

export {
  onlyWaits
};
