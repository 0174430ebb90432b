import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { Identity } from '../identity/identity.ts';

/** Values of a request that every route may read. */
export interface Env {
  Bindings: HttpBindings;
  Variables: {
    /** Client address of the request. */
    client: string;
    /** Identifies an application's token without revealing it; empty if none was needed. */
    token: string;
    /** The verified identity of the caller; undefined: not verified. */
    identity: Identity | undefined;
    /** True: the request has the admin token, whose holder may do everything. */
    holdsAdminToken: boolean | undefined;
  };
}

export type Request = Context<Env>;
export type Middleware = MiddlewareHandler<Env>;

const LONGEST_ADDRESS = 100;

/** Determines the client of a request. A forwarding header counts only behind a proxy that overwrites or extends it. */
export function knowClient(trustProxy: boolean): Middleware {
  return async (c, next) => {
    const forwarded = trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
    const client = forwarded || c.env?.incoming?.socket.remoteAddress || 'unknown';
    c.set('client', client.slice(0, LONGEST_ADDRESS));
    await next();
  };
}
