// The options and arguments of a command have the types of what declares them. Types alone: nothing of it is run.
declare module 'commander' {
  export * from '@commander-js/extra-typings';
}
