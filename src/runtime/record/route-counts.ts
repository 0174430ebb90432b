import { RouteSums } from '../../domain/evidence/routes.ts';
import type { RoutingRule } from '../../domain/evidence/routing.ts';
import { NumberedIds } from '../../lib/portable/numbered-ids.ts';
import type { Routes } from '../../store/outcomes/routes.ts';
import type { Stamp } from '../host/job.ts';
import { type Parcel, takeAlong } from './batch.ts';

/**
 * How often each routing rule decided, until it travels with outcomes. Ids are numbered apart from those of parcels: the
 * database writes these counts last, and a sender whose row another statement holds must not be asked for then.
 */
export class RouteCounts {
  #sums = new RouteSums();
  /** Packed, and left over from parcels that were refused. */
  readonly #waiting: Routes[] = [];
  readonly #ids = new NumberedIds();

  add({ feature, epoch, routed_at }: Stamp, rule: RoutingRule): void {
    this.#sums.add(feature, epoch, rule, routed_at);
  }

  /** Gives what there is to parcels that take it; what finds none waits for the next ones. */
  travelWith(parcels: readonly Parcel[]): void {
    for (const routes of this.#waiting.splice(0)) if (!takeAlong(parcels, routes)) this.#waiting.push(routes);
    const { items } = this.#sums;
    if (items.length === 0 || this.#waiting.length > 0) return;
    const routes = { id: this.#ids.next(), items };
    if (takeAlong(parcels, routes)) this.#sums = new RouteSums();
    else this.#ids.release(routes.id);
  }

  /** Its parcel was refused, and nothing of it was kept: it travels with another one. */
  stay(routes: Routes | undefined): void {
    if (routes) this.#waiting.push(routes);
  }
}
