/** Memoizes questions about a branch tip by key; the answers are dropped when the tip changes. */
export type AskOnce = <T>(tip: string, about: string, ask: () => Promise<T>) => Promise<T>;

/**
 * Memoizes answers about the history behind a tip, which never changes, until another tip is asked about. For example,
 * a thousand incidents that one commit settled need one query. Failures and empty answers (null) are asked again:
 * GitHub may not know a commit yet that was just pushed.
 */
export function askOncePerTip(): AskOnce {
  let known: { tip: string; answers: Map<string, Promise<unknown>> } = { tip: '', answers: new Map() };
  return <T>(tip: string, about: string, ask: () => Promise<T>): Promise<T> => {
    if (known.tip !== tip) known = { tip, answers: new Map() };
    const { answers } = known;
    const kept = answers.get(about) as Promise<T> | undefined;
    if (kept) return kept;
    const answer = ask();
    answers.set(about, answer);
    const forget = () => answers.delete(about);
    answer.then((found) => found === null && forget(), forget);
    return answer;
  };
}
