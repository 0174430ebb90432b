/** What a feature is live at since a moment, for the page of deployments. */
export interface Deployment {
  feature: string;
  /** Such as `rollout/hybrid_progressive_capture`: each feature has one of its own. */
  environment: string;
  /** The commit that it came from; null: none, such as a stop by SQL. */
  revision: string | null;
  /** At most 140 characters are shown. */
  description: string;
  /** Facts for programs, with the head's digest; by `key` in it a repeated one is recognised. */
  payload: { key: string } & Record<string, unknown>;
}

export interface DeploymentLog {
  /** Writes it down as successful, once. */
  put(deployment: Deployment): Promise<void>;
}
