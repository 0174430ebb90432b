import { declaredBy, type Scope, scopeOf, valueIn } from './scopes.ts';
import type { Node, Program } from './syntax.ts';

/** Calls that decide by a feature, in the library and in OpenFeature; their first argument is its key. */
const DECIDES = {
  isEligible: 'boolean',
  getBooleanValue: 'boolean',
  evaluate: 'details',
  getBooleanDetails: 'details',
  route: 'route',
} as const;

/** Kind of a call's result: a boolean, an object that contains it, or the route of a job. */
export type Answer = (typeof DECIDES)[keyof typeof DECIDES];

/** A place in a program that names a feature, or may name it. */
export interface CallSite {
  /** Offset of the expression, including its negations. */
  start: number;
  end: number;
  /** `unknown_key`: a deciding call whose key is known only at run time. `mention`: the key as any other text. */
  kind: Answer | 'unknown_key' | 'mention';
  /** True: an odd number of `!` precedes the call. */
  negated: boolean;
  /** Set if the call alone decides an `if` or a `? :`; `hasOther`: there is a part for the other result. */
  branch: { kind: 'if' | 'conditional'; hasOther: boolean } | null;
}

/** Returns every place of a program that names the feature, in the order of the text. */
export function callSites(program: Program, feature: string): CallSite[] {
  const found: CallSite[] = [];
  const keys = new Set<Node>();
  const visit = (node: Node, parents: readonly Node[], scopes: readonly Scope[]): void => {
    const inner = declaredBy(node);
    const within = inner === null ? scopes : [...scopes, inner];
    const key = keyOf(node);
    const answer = key === null ? null : answerOf(node);
    if (key !== null && answer !== null) {
      const value = valueIn(within, key);
      if (value === feature) found.push(siteOf(node, answer, parents));
      if (value === null) found.push(siteOf(node, 'unknown_key', parents));
      keys.add(key);
    } else if (isText(node, feature) && !keys.has(node) && !isConstant(parents)) {
      found.push(siteOf(node, 'mention', []));
    }
    for (const child of childrenOf(node)) visit(child, [node, ...parents], within);
  };
  visit(program, [], [scopeOf(program.body)]);
  return found.sort((a, b) => a.start - b.start);
}

function answerOf({ callee }: Node): Answer | null {
  if (callee?.type !== 'MemberExpression' || callee.computed || callee.property?.type !== 'Identifier')
    return null;
  const name = callee.property.name ?? '';
  return Object.hasOwn(DECIDES, name) ? DECIDES[name as keyof typeof DECIDES] : null;
}

function keyOf(node: Node): Node | null {
  return node.type === 'CallExpression' ? (node.arguments?.[0] ?? null) : null;
}

/** Extends the place by the negations around it, and finds what it decides. */
function siteOf(node: Node, kind: CallSite['kind'], parents: readonly Node[]): CallSite {
  let whole = node;
  let negated = false;
  let above = parents;
  for (; WRAPS.has(above[0]?.type ?? ''); above = above.slice(1)) {
    const parent = above[0] as Node;
    if (parent.type === 'UnaryExpression' && parent.operator !== '!') break;
    if (parent.type === 'UnaryExpression') negated = !negated;
    whole = parent;
  }
  const parent = above[0];
  const decides = parent !== undefined && parent.test === whole;
  const hasOther = parent?.type === 'ConditionalExpression' || Boolean(parent?.alternate);
  const branch =
    decides && parent.type === 'IfStatement'
      ? ({ kind: 'if', hasOther } as const)
      : decides && parent.type === 'ConditionalExpression'
        ? ({ kind: 'conditional', hasOther } as const)
        : null;
  return { start: whole.start, end: whole.end, kind, negated, branch };
}

/** Nodes that may surround a call without changing its result, except for negations. */
const WRAPS = new Set([
  'UnaryExpression',
  'ParenthesizedExpression',
  'ChainExpression',
  'AwaitExpression',
  'TSNonNullExpression',
]);

function isText(node: Node, feature: string): boolean {
  return node.type === 'Literal' && node.value === feature;
}

/** Constants are resolved at their uses. */
function isConstant(parents: readonly Node[]): boolean {
  const at = parents.findIndex(({ type }) => !type.startsWith('TS'));
  return parents[at]?.type === 'VariableDeclarator' && parents[at + 1]?.kind === 'const';
}

function childrenOf(node: Node): Node[] {
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'parent') return [];
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return values.filter(isNode);
  });
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
