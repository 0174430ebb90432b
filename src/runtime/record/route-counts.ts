import { RouteSums } from '../../domain/evidence/routes.ts';
import type { RoutingRule } from '../../domain/evidence/routing.ts';
import { NumberedIds } from '../../lib/portable/numbered-ids.ts';
import type { Routes } from '../../store/outcomes/routes.ts';
import type { Stamp } from '../host/job.ts';
import { type Parcel, takeAlong } from './parcel/batch.ts';

/**
 * How often each routing rule decided, until the counts travel with outcomes. Their ids are numbered separately from
 * those of parcels: the database writes these counts last, and must not wait there for a sender's row that another
 * statement holds.
 */
export class RouteCounts {
  #sums = new RouteSums();
  /** Packed counts, including those of refused parcels. */
  readonly #waiting: Routes[] = [];
  readonly #ids = new NumberedIds();

  add({ feature, epoch, routed_at }: Stamp, rule: RoutingRule): void {
    this.#sums.add(feature, epoch, rule, routed_at);
  }

  /** Adds counts to parcels that accept them; the others wait for the next parcels. */
  travelWith(parcels: readonly Parcel[]): void {
    for (const routes of this.#waiting.splice(0)) if (!takeAlong(parcels, routes)) this.#waiting.push(routes);
    const { items } = this.#sums;
    if (items.length === 0 || this.#waiting.length > 0) return;
    const routes = { id: this.#ids.next(), items };
    if (takeAlong(parcels, routes)) this.#sums = new RouteSums();
    else this.#ids.release(routes.id);
  }

  /** The parcel was refused and nothing was recorded, so its counts travel with another one. */
  stay(routes: Routes | undefined): void {
    if (routes) this.#waiting.push(routes);
  }
}
