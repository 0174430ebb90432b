/** The ssh form `host:owner/name`, with or without a user. */
const SSH = /^(?:[\w.-]+@)?([\w.-]+\.[\w-]+):(?!\/)([\w./~-]+)$/;

/**
 * Returns the web page of a repository, `https://host/owner/name`, for a git remote or a configured address.
 *
 * User, password, query and the port of ssh are left out: a token in a remote must not get onto a page. Null if it is
 * not an address of a host, such as a path.
 */
export function webUrlOf(remote: string): string | null {
  const text = remote.trim();
  const [, host, path] = SSH.exec(text) ?? [];
  if (host !== undefined && path !== undefined) return joined(host, path);
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol === 'https:') return joined(url.host, url.pathname);
  return url.protocol === 'ssh:' || url.protocol === 'git+ssh:' ? joined(url.hostname, url.pathname) : null;
}

function joined(host: string, path: string): string | null {
  const clean = withoutSlashes(path.replace(/^\/+/, '')).replace(/\.git$/, '');
  if (host === '' || !/^[\w.~-]+(\/[\w.~-]+)+$/.test(clean)) return null;
  return `https://${host.toLowerCase()}/${clean}`;
}

/** Removes trailing slashes. A pattern such as `/+$` would rescan every run of slashes. */
export function withoutSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end--;
  return text.slice(0, end);
}
