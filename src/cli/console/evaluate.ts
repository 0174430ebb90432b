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
  const waiting = /\bawait\b/.test(code) ? asynchronous(code.trim().replace(/;$/, '')) : [];
  for (const form of waiting) {
    const script = compile(form);
    if (script instanceof Script) return script;
  }
  // Of each form something else is missing at the end of a text that goes on.
  const forms = [...waiting, `async function open() { ${code}\n}`].map(compile);
  throw [plain, ...forms].some(isUnfinished) ? new Unfinished(plain.message) : plain;
}

/** The same inside of a function that may wait: a declaration, which outlives it, an expression, or statements. */
function asynchronous(code: string): string[] {
  const declared = /^(?:const|let|var)\s+([\w$]+|[{[][\s\S]*?[}\]])\s*=([\s\S]+)$/.exec(code);
  if (declared) return [`(async () => { (${declared[1]} = (${declared[2]})); })()`];
  return [`(async () => (${code}\n))()`, `(async () => { ${code}\n })()`];
}

/** Was the end of the text what was wrong? */
function isUnfinished(compiled: Script | SyntaxError): boolean {
  return compiled instanceof Error && UNFINISHED.test(compiled.message);
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
