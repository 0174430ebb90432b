import { stats } from '../../app/views/status.ts';
import type { Controller } from '../../compose/controller.ts';
import type { Style } from '../../report/style/style.ts';
import { heartbeatLine, statsText } from '../../report/text/status-text.ts';
import { featureChart } from '../terminal/feature-chart.ts';

/** Shows everything about one feature on one screen. */
export async function featureScreen(controller: Controller, style: Style, feature: string): Promise<string> {
  const result = await stats(controller.store, feature);
  return [
    statsText(style, result),
    await featureChart(controller, style, feature),
    heartbeatLine(style, result),
  ].join('\n');
}
