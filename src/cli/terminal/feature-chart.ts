import type { Controller } from '../../compose/controller.ts';
import type { Style } from '../../report/style/style.ts';
import { evidenceText } from '../../report/text/health/evidence-text.ts';

/** Draws the last day of a feature's present epoch in bars. */
export function featureChart({ store }: Controller, style: Style, feature: string): Promise<string> {
  return store.reading(async (read) => {
    const row = (await read.features.actual(feature)).get(feature);
    const [standing] = await read.features.standings(feature);
    const rows = standing ? await read.health.evidence(feature, standing.epoch) : [];
    const { now } = await read.state();
    return evidenceText(style, rows, row?.settings.max_error_rate ?? 0, now);
  });
}
