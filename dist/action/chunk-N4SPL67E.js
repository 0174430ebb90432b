import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/lib/retry.ts
async function retry(work, { attempts, mayPass, pause }) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !mayPass(error)) throw error;
      await pause?.(attempt);
    }
  }
}

export {
  retry
};
