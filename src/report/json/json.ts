/** Formats JSON with characters escaped that a terminal would act upon; the value is unchanged. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(HOSTILE, (character) =>
    character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

const HOSTILE = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;
