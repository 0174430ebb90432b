export type Environment = Readonly<Record<string, string | undefined>>;

export interface Settings {
  /** Path of rollout.yaml. The embedded database lives beside it, in `.rollout`. */
  file: string;
  environment: Environment;
  /** Told what a person may want to know: roles that are missing, another folder. */
  log: (line: string) => void;
}
