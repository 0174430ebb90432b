// The build leaves the schema where it is, beside lib/, so the compiler must not take it for one of its sources.
declare module '*.json' {
  const value: Record<string, unknown> & { properties: { features: { maxProperties: number } } };
  export default value;
}
