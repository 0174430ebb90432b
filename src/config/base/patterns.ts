/** Is the pattern valid: below the main file's folder, without `.` and `..`, and with `*` only in the file name? */
export function isPattern(pattern: string): boolean {
  const names = pattern.split('/');
  const last = names.pop() ?? '';
  return /^[\w.*-]+\.ya?ml$/.test(last) && names.every((name) => /^[\w-][\w.-]*$/.test(name));
}

/** Does a path match a pattern? A name that begins with a dot is hidden, and matches only an explicit dot. */
export function matches(pattern: string, path: string): boolean {
  if (pattern === path) return true;
  if (folderOf(pattern) !== folderOf(path)) return false;
  const name = nameOf(path);
  return !name.startsWith('.') && nameMatches(nameOf(pattern), name);
}

/** Matches each part between two stars at its first occurrence, so stars never cause backtracking. */
function nameMatches(pattern: string, name: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + last.length <= name.length;
}

/** Returns the folder of a path; '' for the top. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
