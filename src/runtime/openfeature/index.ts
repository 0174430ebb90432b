export { RolloutProvider } from './provider.ts';
export { TelemetryHook, type TelemetryOptions, type Tracing } from './telemetry.ts';
