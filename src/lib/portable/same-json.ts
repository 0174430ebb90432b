/** Are these the same JSON? Of two objects with their fields in another order it says no. */
export function isSameJson(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
