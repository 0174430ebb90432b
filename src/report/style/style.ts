import pc from 'picocolors';

/** Highlights text; without a terminal every function returns its text unchanged. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
}

export function styleOf(colour: boolean): Style {
  const colours = pc.createColors(colour);
  return {
    bold: colours.bold,
    dim: colours.dim,
    good: colours.green,
    warn: colours.yellow,
    bad: colours.red,
  };
}
