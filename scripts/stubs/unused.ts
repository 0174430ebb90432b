// What a package that the action uses would load and the action never calls: HTTP for OpenID tokens (undici,
// 767 KB), child processes of @actions/core, loaders of migrations that are not SQL.

function unused(): never {
  throw new Error('this part of a library is not in the bundle');
}

export class HttpClient {
  constructor() {
    unused();
  }
}

export class BearerCredentialHandler extends HttpClient {}
export const getExecOutput = unused;
export const exec = unused;
export const glob = unused;
export const createJiti = unused;
