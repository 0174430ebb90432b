export { RolloutProvider } from './provider.ts';
