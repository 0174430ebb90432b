import { cutTo } from '../lib/text.ts';
import { factsOf, type Message } from './message.ts';

const COLORS: Readonly<Record<string, string>> = { critical: 'attention', warning: 'warning' };
const LONGEST_TEXT = 8_000;

/** Builds an adaptive card, as webhooks of Microsoft Teams workflows accept it. */
export function teamsBody(message: Message): object {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            {
              type: 'TextBlock',
              text: cutTo(escapeMarkdown(message.message), LONGEST_TEXT, '...'),
              wrap: true,
              weight: 'bolder',
              color: COLORS[message.severity] ?? 'default',
            },
            {
              type: 'FactSet',
              facts: factsOf(message).map(([title, value]) => ({ title, value: escapeMarkdown(value) })),
            },
          ],
        },
      },
    ],
  };
}

/** Cards render some markdown, and reasons come from people, so links and emphasis are escaped. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]()#~<>|]/g, '\\$&');
}
