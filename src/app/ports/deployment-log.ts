/** The exposure of a feature from a moment on, as an entry of GitHub's deployments page. */
export interface Deployment {
  feature: string;
  /** Environment such as `rollout/hybrid_progressive_capture`; each feature has its own. */
  environment: string;
  /** The commit of the exposure; null: none, as after a stop by SQL. */
  revision: string | null;
  /** At most 140 characters are shown. */
  description: string;
  /** Facts for programs, with the head's digest; its `key` identifies a repeated one. */
  payload: { key: string } & Record<string, unknown>;
}

export interface DeploymentLog {
  /** Creates it as a successful deployment, once. */
  put(deployment: Deployment): Promise<void>;
}
