// What other people's pages embed, in the real browser that BROWSER names, Chromium unless told, from the folders that
// `make package` and `make dist` make:
// node tests/embed/run.mjs [--telling] [--note] [words of the wanted tests' names]

import { run } from './harness.mjs';
import './strict.mjs';
import './foreign.mjs';
import './life.mjs';
import './faces.mjs';
import './bundlers.mjs';
import './frame.mjs';
import './examples.mjs';
import './xapi.mjs';
import './scorm.mjs';

process.exitCode = (await run(process.argv.slice(2))) > 0 ? 1 : 0;
