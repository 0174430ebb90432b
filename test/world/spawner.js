import { execFile } from 'node:child_process';

// Runs programs for a large process and answers with what they said: see spawning.ts.

process.on('message', ({ id, file, args, options, input }) => {
  const child = execFile(file, args, { ...options, encoding: 'buffer' }, (error, stdout, stderr) => {
    const { message, code, signal, killed } = error ?? {};
    process.send?.({ id, stdout, stderr, error: error ? { message, code, signal, killed } : null });
  });
  // A program that ends before it has read everything says why itself.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
});
process.on('disconnect', () => process.exit());
