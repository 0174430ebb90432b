/** The part of a parsed program's node that the search for call sites uses. */
export interface Node {
  type: string;
  start: number;
  end: number;
  name?: string;
  value?: unknown;
  kind?: string;
  operator?: string;
  computed?: boolean;
  callee?: Node;
  property?: Node;
  arguments?: Node[];
  test?: Node;
  alternate?: Node | null;
  params?: Node[];
  param?: Node | null;
  body?: Node | Node[];
  id?: Node | null;
  init?: Node | null;
  left?: Node;
  declarations?: Node[];
  declaration?: Node | null;
  expression?: Node;
  specifiers?: Node[];
  local?: Node;
  quasis?: { value: { cooked: string | null } }[];
  expressions?: Node[];
}

export interface Program extends Node {
  body: Node[];
}
