import { parseDatabaseUrl } from '../../lib/database-url.ts';

/** Parameters of a connection string that are secrets. */
const SECRET_PARAMETERS = ['password', 'sslpassword'];

/** Returns the secrets that must never appear in a log, in all forms: the URL, its passwords, the token. */
export function secretsIn(databaseUrl: string, token: string): string[] {
  const found = [databaseUrl, token];
  const url = parseDatabaseUrl(databaseUrl);
  if (url !== null) {
    const { password, search, searchParams } = url;
    found.push(password, decoded(password));
    for (const name of SECRET_PARAMETERS) found.push(...searchParams.getAll(name));
    for (const [, name = '', written = ''] of search.matchAll(/[?&]([^=&]{1,30})=([^&]*)/g)) {
      if (SECRET_PARAMETERS.includes(name)) found.push(written);
    }
  }
  return [...new Set(found)].filter((secret) => secret.trim() !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
