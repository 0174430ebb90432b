import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/policy/breach.ts
function onlyWaits(breaches) {
  return breaches.length > 0 && breaches.every(endsByItself);
}
function endsByItself(breach) {
  return breach.code === "outside_hours" || breach.code === "not_proved" && breach.because.code === "young";
}

export {
  onlyWaits
};
