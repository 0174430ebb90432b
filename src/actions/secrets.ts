/** What must never be seen in a log, in every form in which it could be: the URL, its password, the token. */
export function secretsIn(databaseUrl: string, token: string): string[] {
  const found = [databaseUrl, token];
  if (URL.canParse(databaseUrl)) {
    const { password } = new URL(databaseUrl);
    found.push(password, decoded(password));
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
