export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Known formats of receivers; `template` stands for any other. */
export const ROUTE_FORMATS = ['slack', 'teams', 'pagerduty', 'alertmanager', 'json', 'template'] as const;
export type RouteFormat = (typeof ROUTE_FORMATS)[number];

/** Fields of a message that a template may use, each as `{{field}}`. */
export const MESSAGE_FIELDS = [
  'message',
  'feature',
  'environment',
  'severity',
  'kind',
  'key',
  'created_at',
] as const;
export type MessageField = (typeof MESSAGE_FIELDS)[number];

/** A placeholder of a template, such as `{{message}}`. */
export const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** Returns the placeholders of a template that are not message fields, in the order of the template. */
export function unknownFields(template: string): string[] {
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  return names.filter((name) => !MESSAGE_FIELDS.some((field) => field === name));
}

/** Routes notifications to one receiver. Addresses and tokens are secrets, so the file names only variables. */
export interface Route {
  /** Format of the receiver. */
  to: RouteFormat;
  /** Environment variable of the controller that holds the address; null: the address of the format's only service. */
  url_from: string | null;
  /** Environment variable that holds the token; null: the receiver needs none. */
  token_from: string | null;
  /** JSON with placeholders; null unless `to` is `template`. */
  template: string | null;
  /** The least severe message that is routed. */
  severity: Severity;
  /** Owners of the features whose messages are routed; null: any, and messages about the controller. */
  owners: string[] | null;
  /** Features whose messages are routed; null: any, and messages about the controller. */
  features: string[] | null;
}

/** The facts that select a route. */
export interface Routed {
  severity: Severity;
  /** Feature of the message; null: it is about the controller. */
  feature: string | null;
  /** Owner of the feature; null: it has none. */
  owner: string | null;
}

export function takes(route: Route, { severity, feature, owner }: Routed): boolean {
  if (SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(route.severity)) return false;
  if (route.features && !(feature !== null && route.features.includes(feature))) return false;
  return !route.owners || (owner !== null && route.owners.includes(owner));
}

type FromVariables = Pick<Route, 'url_from' | 'token_from'>;

/** Returns the environment variables that a route needs. */
export function variablesOf({ url_from, token_from }: FromVariables): string[] {
  return [url_from, token_from].filter((name) => name !== null);
}

/** Identifies the receiver of a route by the names of its variables: the same names are the same receiver. */
export function receiverOf(route: FromVariables): string {
  return variablesOf(route).join('+');
}

/**
 * Returns the severity by which a message is routed. A message about an end goes where the message about its beginning
 * went, whose severity is in its details as `began_as`.
 */
export function routedSeverity(severity: Severity, details: unknown): Severity {
  const began = typeof details === 'object' && details !== null && 'began_as' in details && details.began_as;
  const other = SEVERITIES.find((one) => one === began);
  return other && SEVERITIES.indexOf(other) > SEVERITIES.indexOf(severity) ? other : severity;
}

/** `unset`: the variable has no value; `not_url`: its value is not a web address. */
export type ReceiverProblem = 'unset' | 'not_url';
