/** A line beside the code or above the log, as GitHub shows it. */
export interface Shown {
  severity: 'error' | 'warning' | 'notice';
  message: string;
  file?: string;
  line?: number;
  col?: number;
  title?: string;
}

/** GitHub shows no more of one kind in a step. */
const MOST_OF_A_KIND = 10;

export interface Heard {
  annotations: Shown[];
  /** What must not be seen from here on. */
  masks: string[];
  /** The log as people see it. */
  log: string[];
}

const COMMAND = /^::([a-z-]+)(?: ([^\r\n]*?))?::(.*)$/;

/** Reads what a step printed, as a runner does. */
export function heardIn(output: string): Heard {
  const heard: Heard = { annotations: [], masks: [], log: [] };
  for (const line of output.split(/\r?\n/)) {
    const [, command, properties = '', text = ''] = COMMAND.exec(line) ?? [];
    if (command === 'add-mask') heard.masks.push(unescaped(text));
    else if (command === 'error' || command === 'warning' || command === 'notice') {
      const message = unescaped(text);
      heard.log.push(`${command}: ${message}`);
      const same = heard.annotations.filter(({ severity }) => severity === command).length;
      if (same < MOST_OF_A_KIND)
        heard.annotations.push({ severity: command, message, ...placeIn(properties) });
    } else heard.log.push(line);
  }
  heard.log = heard.log.map((line) => heard.masks.reduce((text, mask) => text.replaceAll(mask, '***'), line));
  return heard;
}

function placeIn(properties: string): Omit<Shown, 'severity' | 'message'> {
  const named = Object.fromEntries(
    properties.split(',').flatMap((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return value === ''
        ? []
        : [[name.trim(), unescaped(value.replaceAll('%3A', ':').replaceAll('%2C', ','))]];
    }),
  );
  const { file, line, col, title } = named;
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(col === undefined ? {} : { col: Number(col) }),
    ...(title === undefined ? {} : { title }),
  };
}

function unescaped(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

/** The file in which a step leaves its outputs: `name<<DELIMITER`, lines, `DELIMITER`; or `name=value`. */
export function outputsIn(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  while (lines.length > 0) {
    const line = lines.shift() ?? '';
    const [, name, delimiter] = /^([^=<]+)<<(.+)$/.exec(line) ?? [];
    if (name && delimiter) {
      const end = lines.indexOf(delimiter);
      outputs[name] = lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join('\n');
    } else if (line.includes('=')) {
      const [plain = '', value = ''] = line.split(/=(.*)/s);
      outputs[plain] = value;
    }
  }
  return outputs;
}
