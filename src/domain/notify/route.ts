export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Formats of receivers that the controller knows; `template` is any other one. */
export const ROUTE_FORMATS = ['slack', 'teams', 'pagerduty', 'alertmanager', 'json', 'template'] as const;
export type RouteFormat = (typeof ROUTE_FORMATS)[number];

/** Fields of a message that a template may name, each as `{{field}}`. */
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

/** `{{message}}` and the like inside of a text. */
export const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** Names between braces in a template that no message has, in the order of the template. */
export function unknownFields(template: string): string[] {
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  return names.filter((name) => !MESSAGE_FIELDS.some((field) => field === name));
}

/** Which notifications go to which receiver. Addresses and tokens are secrets, so the file has only names of variables. */
export interface Route {
  /** Format of the receiver. */
  to: RouteFormat;
  /** Variable of the controller's environment that holds the address; null: that of the format's only service. */
  url_from: string | null;
  /** Variable that holds the token; null: the receiver asks for none. */
  token_from: string | null;
  /** JSON with placeholders; null unless `to` is `template`. */
  template: string | null;
  /** The least severe message that it takes. */
  severity: Severity;
  /** Owners of the features that it is about; null: any, and messages about the controller. */
  owners: string[] | null;
  /** Features that it is about; null: any, and messages about the controller. */
  features: string[] | null;
}

/** What a route is chosen by. */
export interface Routed {
  severity: Severity;
  /** Null: it is about the controller. */
  feature: string | null;
  /** Of the feature; null: it has none. */
  owner: string | null;
}

export function takes(route: Route, { severity, feature, owner }: Routed): boolean {
  if (SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(route.severity)) return false;
  if (route.features && !(feature !== null && route.features.includes(feature))) return false;
  return !route.owners || (owner !== null && route.owners.includes(owner));
}

type FromVariables = Pick<Route, 'url_from' | 'token_from'>;

/** The variables that a route needs in the environment. */
export function variablesOf({ url_from, token_from }: FromVariables): string[] {
  return [url_from, token_from].filter((name) => name !== null);
}

/** The receiver of a route by the names of its variables: the same name is the same receiver. */
export function receiverOf(route: FromVariables): string {
  return variablesOf(route).join('+');
}

/**
 * The severity that a message is routed by. A message that something is over goes where the message of its beginning
 * went, whose severity is in its details as `began_as`.
 */
export function routedSeverity(severity: Severity, details: unknown): Severity {
  const began = typeof details === 'object' && details !== null && 'began_as' in details && details.began_as;
  const other = SEVERITIES.find((one) => one === began);
  return other && SEVERITIES.indexOf(other) > SEVERITIES.indexOf(severity) ? other : severity;
}

/** `unset`: the variable has no value; `not_url`: its value is not the address of a web server. */
export type ReceiverProblem = 'unset' | 'not_url';
