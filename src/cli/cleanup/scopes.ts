import type { Node } from './syntax.ts';

/** Names that a part of a program declares, with the text of constants; null: any other value. */
export type Scope = ReadonlyMap<string, string | null>;

/** Returns the declarations that a node makes for its inside; null: it is not a scope. */
export function declaredBy(node: Node): Scope | null {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return new Map((node.params ?? []).flatMap(namesIn).map((name) => [name, null]));
    case 'BlockStatement':
    case 'StaticBlock':
      return scopeOf(Array.isArray(node.body) ? node.body : []);
    case 'CatchClause':
      return new Map(namesIn(node.param).map((name) => [name, null]));
    case 'ForStatement':
      return scopeOf(node.init ? [node.init] : []);
    case 'ForOfStatement':
    case 'ForInStatement':
      return scopeOf(node.left ? [node.left] : []);
    default:
      return null;
  }
}

/** Returns the declarations of these statements. */
export function scopeOf(statements: readonly Node[]): Scope {
  return new Map(statements.flatMap(declared));
}

/** Returns the text of an expression; null: it is known only at run time. */
export function valueIn(scopes: readonly Scope[], node: Node): string | null {
  if (node.type !== 'Identifier') return textOf(node);
  const name = node.name ?? '';
  // The innermost declaration counts.
  return scopes.findLast((scope) => scope.has(name))?.get(name) ?? null;
}

function declared(statement: Node): [string, string | null][] {
  const { type } = statement;
  if (type === 'ExportNamedDeclaration' || type === 'ExportDefaultDeclaration') {
    return statement.declaration ? declared(statement.declaration) : [];
  }
  if (type === 'ImportDeclaration') {
    return (statement.specifiers ?? []).flatMap(({ local }) => namesIn(local)).map((name) => [name, null]);
  }
  if (type === 'FunctionDeclaration' || type === 'ClassDeclaration') {
    return namesIn(statement.id).map((name) => [name, null]);
  }
  if (type !== 'VariableDeclaration') return [];
  return (statement.declarations ?? []).flatMap(({ id, init }) => {
    const text = statement.kind === 'const' && id?.type === 'Identifier' && init ? textOf(init) : null;
    return namesIn(id).map((name): [string, string | null] => [name, text]);
  });
}

/** Returns every name in a pattern: `a`, `{ a, b: [c = 1] }`, `...rest`. */
function namesIn(pattern: Node | null | undefined): string[] {
  if (!pattern) return [];
  if (pattern.type === 'Identifier') return [pattern.name ?? ''];
  const { properties, elements, argument, left, value } = pattern as Node & {
    properties?: Node[];
    elements?: (Node | null)[];
    argument?: Node;
  };
  const inner = [...(properties ?? []), ...(elements ?? []), argument, left, value];
  return inner.flatMap((one) => (typeof one === 'object' ? namesIn(one as Node | null) : []));
}

function textOf(node: Node): string | null {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type === 'TemplateLiteral' && node.expressions?.length === 0)
    return node.quasis?.[0]?.value.cooked ?? null;
  const typed = node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression';
  return typed && node.expression ? textOf(node.expression) : null;
}
