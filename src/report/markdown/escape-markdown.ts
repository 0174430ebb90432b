import { harmless } from '../../lib/text.ts';

const LONGEST_TEXT = 1_000;

/**
 * Escapes text from people to one line of plain text: no markup, no links, no mentions of people or issues, no table
 * cells.
 *
 * GitHub looks for mentions and bare addresses after it has removed the markup, so a backslash does not prevent them; a
 * zero-width character does.
 */
export function escapeMarkdown(text: string): string {
  return harmless(text.replace(/[\r\n\t]+/g, ' '), LONGEST_TEXT)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~$]/g, (character) => `\\${character}`)
    .replace(/[@#]|\bGH(?=-\d)|\bwww(?=\.)|\b[a-z]+(?=:\/\/)/gi, '$&\u200b');
}

/** Formats a key in code style; keys of features have no character that could end it. */
export function codeMarkdown(key: string): string {
  return `\`${key.replace(/[^A-Za-z0-9_-]/g, '?')}\``;
}
