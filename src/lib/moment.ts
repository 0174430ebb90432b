/** A moment named by a person: a time, or an age by the database's clock. */
export type Moment = Date | { secondsAgo: number };

/** Returns the time of a moment, where `now` is the database's clock; a clause if it is in the future. */
export function momentAt(moment: Moment, now: Date): Date | string {
  if (!(moment instanceof Date)) return new Date(now.getTime() - moment.secondsAgo * 1_000);
  return moment <= now ? moment : `${moment.toISOString()} is in the future`;
}
