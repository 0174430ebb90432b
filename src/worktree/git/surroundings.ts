/** Time, randomness and log for changes of the repository; tests replace them. */
export interface Surroundings {
  sleep: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1. */
  random: () => number;
  /** Receives a line about skipped work, and what a person may do about it. */
  log?: (line: string) => void;
}

/** A file in a git working tree. */
export interface Place extends Surroundings {
  /** Top folder of the working tree. */
  root: string;
  /** Path of the file relative to the root, with slashes. */
  path: string;
  /** Path as shown to people. */
  shown: string;
}

/** Returns a pathspec that matches the path literally and from the top. */
export function exactly(path: string): string {
  return `:(top,literal)${path}`;
}
