import type { ChangeDependencies } from '../../app/operate/change-file.ts';
import type { IncidentTracker } from '../../app/ports/incident-tracker.ts';
import type { Receivers } from '../../app/ports/receivers.ts';
import type { PageAssets } from '../../report/page/page.ts';
import type { Rollout } from '../../runtime/host/rollout.ts';
import type { Sink } from '../../runtime/record/parcel/sink.ts';
import type { SnapshotSource } from '../../runtime/wire/source.ts';
import type { Store } from '../../store/store.ts';
import type { Rights } from '../identity/identity.ts';
import type { Oidc } from '../identity/oidc.ts';
import type { ProxyHeader } from '../identity/proxy-header.ts';

/** Dependencies of the routes, built by `compose`. */
export interface ServerDependencies extends ChangeDependencies {
  /** Connections for operators that readers do not use. */
  urgent: Store;
  /** Returns `urgent` for a caller with a verified identity, which history records with each change. */
  urgentFor: (subject: string) => Store;
  /** The library's decisions, and its events when they may change. */
  rollout: Pick<Rollout, 'evaluate' | 'features' | 'state' | 'on'>;
  /** The library's snapshot, for applications that follow this server. */
  source: SnapshotSource;
  /** Receives outcomes of applications. */
  sink: Sink;
  page: {
    assets: PageAssets;
    /** `https://host/owner/name`, for links; null: no links. */
    repositoryUrl: string | null;
  };
  /** Creates the incidents' issues; null: none. */
  tracker: IncidentTracker | null;
  /** Receivers of the message that no tick runs, besides the log. */
  receivers: Receivers;
  /** The process environment, with overrides of the judgement for an advance. */
  environment: Readonly<Record<string, string | undefined>>;
  /** This machine's clock, for caches and rate limits of seconds; never shown. */
  now: () => Date;
  /** Receives a line for each administrator's action and each failure. */
  log: (line: string) => void;
}

export interface ServerOptions {
  /** Token of administrators; null: there are no admin routes. */
  adminToken: string | null;
  /** Token of readers; null: reading needs no token. */
  readToken: string | null;
  /** How people prove their identity, and the rights of their groups; null: not at all. */
  identity: { header: ProxyHeader | null; oidc: Oidc | null; rights: Rights } | null;
  /** Tokens of applications that follow the snapshot; the read token may follow it too. */
  clientTokens: readonly string[];
  /** Tokens of applications that record outcomes; empty: outcomes are not accepted. */
  writeTokens: readonly string[];
  /** Origins of pages that may request from a browser; `*` allows every one. */
  origins: readonly string[];
  /** Limits of simultaneous streams of applications. */
  streams: { all: number; ofOne: number };
  /** True: answers may name subjects, and show texts that jobs wrote. */
  showNames: boolean;
  /** Requests per minute from one client; 0: no limit. */
  rateLimit: number;
  /** True: the client is the last address of `X-Forwarded-For`. Only behind a proxy that sets it. */
  trustProxy: boolean;
  /** Host names under which the server answers; null: every name. */
  hosts: readonly string[] | null;
}
