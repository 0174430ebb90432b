export type Environment = Readonly<Record<string, string | undefined>>;

export interface Settings {
  /** Path of rollout.yaml. The embedded database is beside it, in `.rollout`. */
  file: string;
  environment: Environment;
  /** Use the present file of the remote's default branch, whatever is checked out here. */
  follow?: boolean;
  /** Receives messages for a person: missing roles, another folder. */
  log: (line: string) => void;
}
