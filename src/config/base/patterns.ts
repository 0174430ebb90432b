/** Below the main file's folder, without `.` and `..`, and with `*` in its last name only. */
export function isPattern(pattern: string): boolean {
  const names = pattern.split('/');
  const last = names.pop() ?? '';
  return /^[\w.*-]+\.ya?ml$/.test(last) && names.every((name) => /^[\w-][\w.-]*$/.test(name));
}

/** Does a path match a pattern? */
export function matches(pattern: string, path: string): boolean {
  if (folderOf(pattern) !== folderOf(path)) return false;
  const parts = nameOf(pattern)
    .split('*')
    .map((part) => part.replace(/[.]/g, '\\.'));
  // A name that begins with a dot is hidden, and meant only where it is written so.
  return new RegExp(`^(?!\\.)${parts.join('[^/]*')}$`).test(nameOf(path)) || pattern === path;
}

/** The folder of a path; '' for the top. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
