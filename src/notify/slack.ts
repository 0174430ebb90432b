import { cutTo } from '../lib/text.ts';
import { factsOf, type Message } from './message.ts';

const MARKS: Readonly<Record<string, string>> = { critical: ':rotating_light:', warning: ':warning:' };

/** Longest text of a section that Slack accepts. */
const LONGEST_SECTION = 3_000;
const ELLIPSIS_ROOM = 50;

/** Escapes text: Slack reads `<...>` as links and mentions, and reasons come from people. */
export function slackText({ severity, message }: Message): string {
  return `${MARKS[severity] ?? ''} ${escapeSlack(message)}`.trim();
}

/** Builds a message for a Slack incoming webhook: a line for the notification, and blocks with the facts. */
export function slackBody(message: Message): object {
  const facts = factsOf(message).map(([name, value]) => `*${name}* ${escapeSlack(value)}`);
  return {
    text: slackText(message),
    blocks: [
      {
        type: 'section',
        // Cut before escaping, so that no escape, which has up to five characters, is torn.
        text: { type: 'mrkdwn', text: slackText({ ...message, message: shortened(message.message) }) },
      },
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: cutTo(facts.join('   '), LONGEST_SECTION, '...') }],
      },
    ],
  };
}

function shortened(text: string): string {
  let longest = text.length;
  while (escapeSlack(cutTo(text, longest)).length > LONGEST_SECTION - ELLIPSIS_ROOM) longest -= 100;
  return longest < text.length ? `${cutTo(text, longest)}...` : text;
}

function escapeSlack(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
