import type { ChangeDependencies } from '../../app/operate/change-file.ts';
import type { IncidentTracker } from '../../app/ports/incident-tracker.ts';
import type { Receivers } from '../../app/ports/receivers.ts';
import type { PageAssets } from '../../report/page/page.ts';
import type { Rollout } from '../../runtime/host/rollout.ts';
import type { Sink } from '../../runtime/record/sink.ts';
import type { SnapshotSource } from '../../runtime/wire/source.ts';
import type { Store } from '../../store/store.ts';
import type { Rights } from '../identity/identity.ts';
import type { Oidc } from '../identity/oidc.ts';
import type { ProxyHeader } from '../identity/proxy-header.ts';

/** Dependencies of the routes; compose makes them. */
export interface ServerDependencies extends ChangeDependencies {
  /** For what operators do: connections that no reader takes. */
  urgent: Store;
  /** `urgent` for a caller with a proved identity, which history keeps beside each change. */
  urgentFor: (subject: string) => Store;
  /** The library: its answers, and when they may be others than before. */
  rollout: Pick<Rollout, 'evaluate' | 'features' | 'state' | 'on'>;
  /** What the library knows, for applications that follow this server. */
  source: SnapshotSource;
  /** Where outcomes of applications go. */
  sink: Sink;
  page: {
    assets: PageAssets;
    /** `https://host/owner/name`, for links; null: nothing is linked. */
    repositoryUrl: string | null;
  };
  /** Where incidents are issues; null: nowhere. */
  tracker: IncidentTracker | null;
  /** Where people are told that no tick runs any more, beside the log. */
  receivers: Receivers;
  /** Of the process: overrides of the judgement that an advance goes by. */
  environment: Readonly<Record<string, string | undefined>>;
  /** This machine's clock, for what is kept and limited for seconds; nothing of it is shown. */
  now: () => Date;
  /** Told of what an administrator did and of what went wrong, a line each. */
  log: (line: string) => void;
}

export interface ServerOptions {
  /** Null: there are no admin routes. */
  adminToken: string | null;
  /** Null: whoever reaches the address may read. */
  readToken: string | null;
  /** How people prove who they are, and what groups of them may do; null: nobody does. */
  identity: { header: ProxyHeader | null; oidc: Oidc | null; rights: Rights } | null;
  /** Of applications that follow the snapshot; the read token follows it too. */
  clientTokens: readonly string[];
  /** Of applications that record outcomes; none: outcomes are not taken. */
  writeTokens: readonly string[];
  /** Origins of pages that may ask from a browser; `*` is every one. */
  origins: readonly string[];
  /** Streams of applications at once. */
  streams: { all: number; ofOne: number };
  /** May the answers name subjects, and show texts that jobs wrote? */
  showNames: boolean;
  /** Requests a minute from one client; 0: as many as come. */
  rateLimit: number;
  /** Is the client the last address of `X-Forwarded-For`? Only behind a proxy that sets it. */
  trustProxy: boolean;
  /** Names under which the server answers; null: every name. */
  hosts: readonly string[] | null;
}
