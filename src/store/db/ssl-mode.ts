const TAKEN_FOR_VERIFY_FULL = /([?&]sslmode=)(?:prefer|require|verify-ca)(?=[&#]|$)/g;

/**
 * Replaces modes that the driver treats as `verify-full` by that name. Today the driver does so for `prefer`, `require`
 * and `verify-ca`, warns at every start that this will change, and would then silently check less.
 * `uselibpqcompat=true` selects libpq's meaning, and is left unchanged.
 */
export function withCertificateChecked(connectionString: string): string {
  if (/[?&]uselibpqcompat=true(?=[&#]|$)/.test(connectionString)) return connectionString;
  return connectionString.replace(TAKEN_FOR_VERIFY_FULL, '$1verify-full');
}
