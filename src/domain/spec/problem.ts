/** An error or a warning in a file. */
export interface Problem {
  /** The included file with the problem, relative to the main file's folder; left out: the main file. */
  file?: string;
  /** A warning never prevents a feature from being applied. */
  severity: 'error' | 'warning';
  /** Path such as `features.x.whitelist[3]`; empty for the file as a whole. */
  path: string;
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 code units; of the value, or of the key where the key is the problem. */
  column: number;
  /** One line without control characters: what was found and what would be right. */
  message: string;
  /** For callers that can also ask the registry, which may resolve the problem. Left out: the file alone decides. */
  code?: 'few_test_repositories';
}
