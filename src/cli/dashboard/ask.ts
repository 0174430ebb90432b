import { confirm, isCancel, select, text } from '@clack/prompts';
import { errorText } from '../../lib/error-text.ts';
import { percentageOption } from '../terminal/changing.ts';

/** Asks for one of several options; null: the person goes back. */
export async function choose<T extends string>(
  message: string,
  options: readonly { value: T; label: string; hint?: string }[],
): Promise<T | null> {
  const answer = await select<string>({ message, options: [...options], maxItems: 15 });
  return isCancel(answer) ? null : (options.find(({ value }) => value === answer)?.value ?? null);
}

/** Asks for the reason for history; null: the person goes back. */
export async function askReason(what: string): Promise<string | null> {
  const answer = await text({
    message: `Why ${what}?`,
    placeholder: 'it goes into history',
    validate: (value) => (value?.trim() ? undefined : 'a reason is needed; history keeps it'),
  });
  return isCancel(answer) ? null : answer.trim();
}

/** Asks for a percentage; null: the person goes back. */
export async function askPercentage(message: string, now: number): Promise<number | null> {
  const answer = await text({
    message,
    placeholder: `now ${now}`,
    validate: (value) => problemOf(value ?? ''),
  });
  return isCancel(answer) ? null : percentageOption(answer.trim());
}

/** Asks for an optional percentage; undefined if nothing was typed. */
export async function mayAskPercentage(
  message: string,
  otherwise: string,
): Promise<number | undefined | null> {
  const validate = (value = '') => (value.trim() === '' ? undefined : problemOf(value));
  const answer = await text({ message, placeholder: otherwise, defaultValue: '', validate });
  if (isCancel(answer)) return null;
  return answer.trim() === '' ? undefined : percentageOption(answer.trim());
}

/** Asks for a confirmation; a cancelled question is none. */
export async function agree(question: string): Promise<boolean> {
  return (await confirm({ message: question, initialValue: false })) === true;
}

function problemOf(value: string): string | undefined {
  try {
    percentageOption(value.trim());
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
