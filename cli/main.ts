#!/usr/bin/env node
/** The command as a process. */
import { run } from './command';
import { bearClosedPipes } from './problem';

bearClosedPipes();
void run(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
