/**
 * Parses a PostgreSQL URL; null if it is invalid. Without a host it names a socket by `?host=/var/run/postgresql`,
 * which the driver supports but the URL standard does not.
 */
export function parseDatabaseUrl(text: string): URL | null {
  // No port may follow an empty host, so the inserted host must be followed by a slash.
  const named = text.replace(/^(postgres(?:ql)?:\/\/(?:[^/?#]{0,1000}@)?)(?=\/)/i, '$1localhost');
  const url = URL.canParse(named) ? new URL(named) : null;
  return url?.protocol === 'postgres:' || url?.protocol === 'postgresql:' ? url : null;
}
