import { runCommand } from './commands.ts';

runCommand(process.argv.slice(2), process.env).then(
  ({ exitCode, out, err }) => {
    process.stdout.write(out);
    process.stderr.write(err);
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`fenghuo: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
