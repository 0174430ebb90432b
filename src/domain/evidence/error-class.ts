/**
 * Finds the class of an error by its text, without the words that differ from job to job. A class consists only of an
 * error's name and code, as Node.js prints them (`TypeError: ...`, `DatabaseError [23505]: ...`), or of a well-known
 * code. So it names nobody, contains no secret, whatever else the text contains, and there are few classes.
 * `rollout_error_class` is the same in SQL, for every way in which outcomes are recorded.
 */

/** Characters of a text that are stored and searched. */
const LOOKED_AT = 300;
const LONGEST_NAME = 60;
/** Limit of digits in a code: one with more is the number of a request, or somebody's id. */
const MOST_DIGITS = 6;

const LABEL =
  /^(?:[A-Za-z0-9_$.]*\.)?([A-Za-z0-9_$]*(?:Error|Exception|Timeout|Failure|Fault))(?: \[([A-Za-z0-9_.-]{1,40})\])?(?::|$)/;
const KNOWN = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'EPIPE', 'ENOTFOUND'],
  ...['EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EADDRINUSE', 'ENOENT', 'EACCES', 'EPERM'],
  ...['EEXIST', 'ENOSPC', 'ENOMEM', 'EMFILE', 'EBUSY', 'EROFS'],
]);
const OF_NODE = /^(?:[A-Z]{1,10}_)?ERR_[A-Z_]{1,40}$/;
const STATUS = /(?:^|[^A-Za-z0-9_])(?:HTTP|[Ss]tatus(?: code)?)[ :=]{1,2}([45][0-9][0-9])(?![A-Za-z0-9_])/;

/** Error text of a routed job that never ended. */
const TIMED_OUT = 'timed out';

/** Returns the class; empty if the text shows none. */
export function errorClass(text: string): string {
  // Cut by characters, as the database cuts.
  const said =
    text.length <= LOOKED_AT
      ? text
      : Array.from(text.slice(0, 2 * LOOKED_AT))
          .slice(0, LOOKED_AT)
          .join('');
  if (said === TIMED_OUT) return TIMED_OUT;
  const [, name = '', given] = LABEL.exec(said) ?? [];
  const code = given !== undefined && given.replace(/[^0-9]/g, '').length <= MOST_DIGITS ? given : null;
  if (name !== '' && name.length <= LONGEST_NAME) {
    if (name !== 'Error') return code === null ? name : `${name} ${code}`;
    if (code !== null) return code;
  }
  const known = said.split(/[^A-Za-z0-9_]+/).find((word) => KNOWN.has(word) || OF_NODE.test(word));
  if (known !== undefined) return known;
  const status = STATUS.exec(said)?.[1];
  return status === undefined ? '' : `HTTP ${status}`;
}
