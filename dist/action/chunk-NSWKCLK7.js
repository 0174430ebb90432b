import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/quarantine/quarantine.ts
var LEAST = 3;
var SHARE = 0.01;
function quarantineLimit(exposed) {
  return Math.max(LEAST, Math.floor(exposed * SHARE));
}
function calledBy({ subject, name }) {
  return name ?? subject;
}

export {
  quarantineLimit,
  calledBy
};
