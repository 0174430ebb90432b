import type { LeftOutCode } from '../domain/adopt/flag.ts';

/** Why a flag of another system is not adopted, as the rest of a sentence that begins with its name. */
export function leftOutReason(code: LeftOutCode): string {
  switch (code) {
    case 'not_boolean':
      return 'its values are not true and false';
    case 'off_is_true':
      return 'it is true for those who are not selected';
    case 'rules':
      return 'it has rules over attributes';
    case 'segments':
      return 'it names segments';
    case 'prerequisites':
      return 'it depends on other flags';
    case 'experiment':
      return 'it is an experiment';
    case 'variants':
      return 'it has variants';
    case 'several_percentages':
      return 'it has several percentages at once';
    case 'other_bucket':
      return "its shares are not by the user's id";
    case 'no_default':
      return 'it has no default value';
    case 'archived':
      return 'it is archived';
    case 'not_in_environment':
      return 'it is not in this environment';
    case 'unreadable':
      return 'its entry is incomplete';
  }
}
