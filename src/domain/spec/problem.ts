/** Something wrong, or worth a look, in a file. */
export interface Problem {
  /** The included file that it is in, from the folder of the main file; left out: the main file. */
  file?: string;
  /** A warning never keeps a feature from being applied. */
  severity: 'error' | 'warning';
  /** Such as `features.x.whitelist[3]`; empty for the file as a whole. */
  path: string;
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 code units; of the value, or of the key where the key is the problem. */
  column: number;
  /** One line without control characters: what was found and what would be right. */
  message: string;
  /** For who knows more than the file: what the registry may answer. Left out: the file says it all. */
  code?: 'few_test_repositories';
}
