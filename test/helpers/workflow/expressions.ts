import { githubLanguage } from './language.ts';

/** `github`, `inputs`, `secrets` and so on, as plain data. */
export type Contexts = Readonly<Record<string, unknown>>;

/** Is the run still well? What `success()` and the like ask. */
export type Going = 'success' | 'failure';

/** Fills in what stands between `${{` and `}}` in a text, as GitHub does. */
export async function filled(text: string, contexts: Contexts, going: Going = 'success'): Promise<string> {
  const parts = text.split(/(\$\{\{.*?\}\})/s);
  const done = await Promise.all(
    parts.map(async (part) =>
      part.startsWith('${{') ? (await evaluated(part.slice(3, -2), contexts, going)).coerceString() : part,
    ),
  );
  return done.join('');
}

/** The `if` of a job or step; `success()` is asked unless it asks for something else itself. */
export async function holds(
  condition: string | undefined,
  contexts: Contexts,
  going: Going,
): Promise<boolean> {
  const asked = String(condition ?? 'success()').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  const whole = /\b(?:success|failure|always|cancelled)\(/.test(asked) ? asked : `success() && (${asked})`;
  const value = await evaluated(whole, contexts, going);
  return !['', 'false', '0', 'null'].includes(value.coerceString());
}

async function evaluated(expression: string, contexts: Contexts, going: Going) {
  const { expressions } = await githubLanguage();
  const { Lexer, Parser, Evaluator, data } = expressions;
  const truth = (value: boolean) => () => new data.BooleanData(value);
  const functions = [
    { name: 'success', minArgs: 0, maxArgs: 0, call: truth(going === 'success') },
    { name: 'failure', minArgs: 0, maxArgs: 0, call: truth(going === 'failure') },
    { name: 'always', minArgs: 0, maxArgs: 0, call: truth(true) },
    { name: 'cancelled', minArgs: 0, maxArgs: 0, call: truth(false) },
  ];
  const tree = new Parser(
    new Lexer(expression.trim()).lex().tokens,
    Object.keys(contexts),
    functions,
  ).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver) as InstanceType<typeof data.Dictionary>;
  return new Evaluator(tree, known, new Map(functions.map((one) => [one.name, one]))).evaluate();
}
