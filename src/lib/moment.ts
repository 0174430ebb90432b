/** A moment as a person names it: a time, or how long ago by the database's clock. */
export type Moment = Date | { secondsAgo: number };

/** The time that is meant, where `now` is the database's clock; a clause where it has not come yet. */
export function momentAt(moment: Moment, now: Date): Date | string {
  if (!(moment instanceof Date)) return new Date(now.getTime() - moment.secondsAgo * 1_000);
  return moment <= now ? moment : `${moment.toISOString()} is in the future`;
}
