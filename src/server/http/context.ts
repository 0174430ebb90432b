import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { Identity } from '../identity/identity.ts';

/** Values of a request that every route may read. */
export interface Env {
  Bindings: HttpBindings;
  Variables: {
    /** The address that the request came from. */
    client: string;
    /** Which token an application came with, in a form that is not the token; empty where none was needed. */
    token: string;
    /** Who asks, where the request proved it. */
    identity: Identity | undefined;
    /** The request has the admin token: whoever proved to be behind it may do everything. */
    holdsAdminToken: boolean | undefined;
  };
}

export type Request = Context<Env>;
export type Middleware = MiddlewareHandler<Env>;

const LONGEST_ADDRESS = 100;

/** Finds out who asks. A header that anybody can write counts only behind a proxy that overwrites or extends it. */
export function knowClient(trustProxy: boolean): Middleware {
  return async (c, next) => {
    const forwarded = trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
    const client = forwarded || c.env?.incoming?.socket.remoteAddress || 'unknown';
    c.set('client', client.slice(0, LONGEST_ADDRESS));
    await next();
  };
}
