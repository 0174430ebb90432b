import { Script } from 'node:vm';

/** What is typed is called so in stacks. */
export const TYPED = 'typed';

/** More has to be typed before it means something. */
export class Unfinished extends Error {}

/**
 * What was typed, ready to be run; `await` may stand outside of a function. Throws `Unfinished` where a bracket or
 * a template is still open.
 */
export function compiled(code: string): Script {
  const plain = compile(code);
  if (plain instanceof Script) return plain;
  if (/\bawait\b/.test(code)) {
    for (const form of asynchronous(code.trim().replace(/;$/, ''))) {
      const script = compile(form);
      if (script instanceof Script) return script;
    }
  }
  throw UNFINISHED.test(plain.message) ? new Unfinished(plain.message) : plain;
}

/** The same inside of a function that may wait: a declaration, which outlives it, an expression, or statements. */
function asynchronous(code: string): string[] {
  const declared = /^(?:const|let|var)\s+([\w$]+|[{[][\s\S]*?[}\]])\s*=([\s\S]+)$/.exec(code);
  if (declared) return [`(async () => { (${declared[1]} = (${declared[2]})); })()`];
  return [`(async () => (${code}\n))()`, `(async () => { ${code}\n })()`];
}

const UNFINISHED = /^(Unexpected end of input|Unterminated template|missing \) after argument list)/;

function compile(code: string): Script | SyntaxError {
  try {
    return new Script(code, { filename: TYPED });
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}
