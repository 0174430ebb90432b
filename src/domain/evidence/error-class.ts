/**
 * The class of an error by its text: what it is, without the words that differ from job to job. It is made of nothing but the
 * name of an error and its code, as Node.js prints them (`TypeError: ...`, `DatabaseError [23505]: ...`), and of codes that
 * everybody knows. So it names nobody and holds no secret, whatever else is said, and there are few of them.
 * `rollout_error_class` in SQL, for every way in which outcomes are recorded.
 */

/** As much of a text as is kept. */
const LOOKED_AT = 300;
const LONGEST_NAME = 60;
/** A code with more digits is the number of one request, or somebody's id. */
const MOST_DIGITS = 6;

const LABEL =
  /^(?:[A-Za-z0-9_$.]*\.)?([A-Za-z0-9_$]*(?:Error|Exception|Timeout|Failure|Fault))(?: \[([A-Za-z0-9_.-]{1,40})\])?(?::|$)/;
const KNOWN_CODE =
  /(?:^|[^A-Za-z0-9_])(ECONN(?:REFUSED|RESET|ABORTED)|ETIMEDOUT|ESOCKETTIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRINUSE|ENOENT|EACCES|EPERM|EEXIST|ENOSPC|ENOMEM|EMFILE|EBUSY|EROFS|(?:[A-Z]{1,10}_)?ERR_[A-Z_]{1,40})(?![A-Za-z0-9_])/;
const STATUS = /(?:^|[^A-Za-z0-9_])(?:HTTP|[Ss]tatus(?: code)?)[ :=]{1,2}([45][0-9][0-9])(?![A-Za-z0-9_])/;

/** What a routed job says that never ended. */
const TIMED_OUT = 'timed out';

/** Empty where the text shows none. */
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
  const status = STATUS.exec(said)?.[1];
  return KNOWN_CODE.exec(said)?.[1] ?? (status === undefined ? '' : `HTTP ${status}`);
}
