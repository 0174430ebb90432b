import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/lib/database-url.ts
function parseDatabaseUrl(text) {
  const named = text.replace(/^(postgres(?:ql)?:\/\/(?:[^/?#]{0,1000}@)?)(?=\/)/i, "$1localhost");
  const url = URL.canParse(named) ? new URL(named) : null;
  return url?.protocol === "postgres:" || url?.protocol === "postgresql:" ? url : null;
}

export {
  parseDatabaseUrl
};
