/** Formats `1,250`; equal in every locale, because scripts read the output too. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Formats `3 subjects`, `1 subject`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
