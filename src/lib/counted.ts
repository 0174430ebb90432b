/** `1,250`; the same in every locale, because output is read by scripts too. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `3 subjects`, `1 subject`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
