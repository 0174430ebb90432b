import { type Counter, DEBIAN_PROMETHEUS, type Prometheus, prometheusWith } from './debian-prometheus.ts';
import { DEBIAN_VICTORIA, victoriaWith } from './debian-victoria.ts';

export interface RealEngine {
  /** As in the name of a test, which says why it is skipped. */
  name: string;
  installed: boolean;
  /** Starts one that has these counters. */
  with(counters: readonly Counter[]): Promise<Prometheus>;
}

function engine(name: string, installed: boolean, start: RealEngine['with']): RealEngine {
  const why = installed ? '' : ` (skipped: no ${name.toLowerCase()})`;
  return { name: `${name}${why}`, installed, with: start };
}

/** Real programs that speak the API of Prometheus; a test of one that is not installed is skipped. */
export const REAL_ENGINES: readonly RealEngine[] = [
  engine('Prometheus', DEBIAN_PROMETHEUS, prometheusWith),
  engine('VictoriaMetrics', DEBIAN_VICTORIA, victoriaWith),
];

/** The queries of requests that `requestsOfDays` makes; `code` is one more selector of the bad ones. */
export function requestsMetric(code = 'code=~"5.."') {
  const rate = (more: string) => `sum(increase(http_requests_total{app="shop",arm="$arm"${more}}[$step]))`;
  return { source: 'prometheus', bad: rate(`,${code}`), all: rate('') } as const;
}

/**
 * Requests of both arms by the minute until now, of which `bad` fail in a minute (0 is now, -60 an hour ago; null: nothing
 * was scraped); control has more of them.
 */
export function requestsOfDays(bad: (minute: number, arm: string) => number | null, days = 8): Counter[] {
  const minutes = days * 1_440;
  const begin = Math.floor(Date.now() / 60_000) * 60 - minutes * 60;
  return ['treatment', 'control'].flatMap((arm) => {
    const samples: Record<string, [number, number][]> = { '200': [], '500': [] };
    const total: Record<string, number> = { '200': 0, '500': 0 };
    for (let minute = 0; minute <= minutes; minute++) {
      const failing = bad(minute - minutes, arm);
      if (failing === null) continue;
      for (const [code, count] of [
        ['200', (arm === 'treatment' ? 100 : 130) - failing],
        ['500', failing],
      ] as const) {
        total[code] = (total[code] ?? 0) + count;
        samples[code]?.push([begin + minute * 60, total[code]]);
      }
    }
    return Object.entries(samples).map(([code, of]): Counter => {
      return { name: 'http_requests_total', labels: { app: 'shop', arm, code }, samples: of };
    });
  });
}

/** One in a hundred, evenly: the same each quarter of an hour. */
export const calm = (minute: number) => (minute % 2 === 0 ? 1 : 0);
