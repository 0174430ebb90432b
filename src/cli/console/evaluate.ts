import { Script } from 'node:vm';

/** Name of typed code in stack traces. */
export const TYPED = 'typed';

/** The input is incomplete. */
export class Unfinished extends Error {}

/**
 * Compiles typed code; `await` is allowed outside of a function. Throws `Unfinished` if a bracket or a template is
 * still open.
 */
export function compiled(code: string): Script {
  const plain = compile(code);
  if (plain instanceof Script) return plain;
  const waiting = /\bawait\b/.test(code) ? asynchronous(code.trim().replace(/;$/, '')) : [];
  for (const form of waiting) {
    const script = compile(form);
    if (script instanceof Script) return script;
  }
  // At the end of an incomplete text, each form lacks something else.
  const forms = [...waiting, `async function open() { ${code}\n}`].map(compile);
  throw [plain, ...forms].some(isUnfinished) ? new Unfinished(plain.message) : plain;
}

/** Wraps the code in an async function: as a declaration, which stays defined, an expression, or statements. */
function asynchronous(code: string): string[] {
  const declared = /^(?:const|let|var)\s+([\w$]+|[{[][\s\S]*?[}\]])\s*=([\s\S]+)$/.exec(code);
  if (declared) return [`(async () => { (${declared[1]} = (${declared[2]})); })()`];
  return [`(async () => (${code}\n))()`, `(async () => { ${code}\n })()`];
}

/** Is the error that the text ends too early? */
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
