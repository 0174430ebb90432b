import { emptyFileText, reasonText, reducedText } from './words/change-words.ts';
import { noticeText } from './words/notice-words.ts';
import { factTexts, titleText } from './words/request-words.ts';
import { advanceText } from './words/wait-words.ts';

/** Sentences for what the use cases leave behind where only a text can be kept; handed to them by `compose`. */
export const words = {
  gate: advanceText,
  notice: noticeText,
  reason: reasonText,
  reduced: reducedText,
  emptyFile: emptyFileText,
  title: titleText,
  facts: factTexts,
};
