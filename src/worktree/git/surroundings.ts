/** What of time, chance and the terminal a change of the repository needs; tests bring their own. */
export interface Surroundings {
  sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1. */
  random: () => number;
  /** Told what was left as it is and what a person may want to do about it. */
  log?: (line: string) => void;
}

/** A file in a git working tree. */
export interface Place extends Surroundings {
  /** Top folder of the working tree. */
  root: string;
  /** Path of the file below it, with slashes. */
  path: string;
  /** Path as it is shown to people. */
  shown: string;
}

/** How git is told that a path is meant letter by letter and from the top. */
export function exactly(path: string): string {
  return `:(top,literal)${path}`;
}
