/**
 * The parts of a PostgreSQL URL; null for what is none. Without a host it names a socket by `?host=/var/run/postgresql`,
 * which the driver reads and the standard of URLs does not.
 */
export function parseDatabaseUrl(text: string): URL | null {
  // No port may follow an empty host, so the host that is put there stands before a slash.
  const named = text.replace(/^(postgres(?:ql)?:\/\/(?:[^/?#]{0,1000}@)?)(?=\/)/i, '$1localhost');
  const url = URL.canParse(named) ? new URL(named) : null;
  return url?.protocol === 'postgres:' || url?.protocol === 'postgresql:' ? url : null;
}
