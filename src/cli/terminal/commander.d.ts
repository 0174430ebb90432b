// Gives the options and arguments of a command the types of their declarations. Types only, without run-time code.
declare module 'commander' {
  export * from '@commander-js/extra-typings';
}
