export type Environment = Readonly<Record<string, string | undefined>>;

export interface Settings {
  /** Path of rollout.yaml. The embedded database lives beside it, in `.rollout`. */
  file: string;
  environment: Environment;
  /** Take the file of the remote's default branch as it is now, whatever is checked out here. */
  follow?: boolean;
  /** Told what a person may want to know: roles that are missing, another folder. */
  log: (line: string) => void;
}
