const TAKEN_FOR_VERIFY_FULL = /([?&]sslmode=)(?:prefer|require|verify-ca)(?=[&#]|$)/g;

/**
 * Says `verify-full` where the driver means it. It takes `prefer`, `require` and `verify-ca` for that today, warns at
 * every start that it will not for ever, and would one day check less without a word of ours. Who wants what libpq
 * means by them says `uselibpqcompat=true`, and is left alone.
 */
export function withCertificateChecked(connectionString: string): string {
  if (/[?&]uselibpqcompat=true(?=[&#]|$)/.test(connectionString)) return connectionString;
  return connectionString.replace(TAKEN_FOR_VERIFY_FULL, '$1verify-full');
}
