// What a package that the action uses would load and the action never calls: HTTP for OpenID tokens (undici,
// 767 KB), child processes of @actions/core, loaders of migrations that are not SQL. Some of it is called while its
// package loads, so a stub throws only when what it stands for is used.

function unused(): never {
  throw new Error('this part of a library is not in the bundle');
}

export class HttpClient {
  get = unused;
  getJson = unused;
}

export class BearerCredentialHandler {}
export const getExecOutput = unused;
export const exec = unused;
export const glob = unused;

/** node-pg-migrate makes a loader while it loads, and asks it only for migrations that are not SQL. */
export function createJiti(): { import: typeof unused } {
  return { import: unused };
}
