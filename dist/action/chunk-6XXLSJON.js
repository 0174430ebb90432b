import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/lib/single-flight.ts
function askedOnce(ask) {
  let known = null;
  return () => {
    known ??= ask().catch((error) => {
      known = null;
      throw error;
    });
    return known;
  };
}
function doneOnce(work) {
  let begun;
  return () => {
    begun ??= work();
    return begun;
  };
}

export {
  askedOnce,
  doneOnce
};
