import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/spec/heartbeat.ts
var INTERVAL = 900;
var MISSED = 3;
function heartbeatIsStale(heartbeat, now) {
  return heartbeat !== null && now.getTime() - heartbeat.getTime() > MISSED * INTERVAL * 1e3;
}

export {
  heartbeatIsStale
};
