// The page in the real browser that BROWSER names, Chromium unless told:
// node tests/browser/run.mjs [--telling] [--note] [words of the wanted tests' names]

import { run } from './harness.mjs';
import './photos.mjs';
import './engines.mjs';
import './camera.mjs';
import './model.mjs';
import './words.mjs';
import './inputs.mjs';
import './folders.mjs';
import './interrupted.mjs';
import './videos.mjs';
import './pair.mjs';
import './live.mjs';
import './reading.mjs';
import './corrections.mjs';
import './record.mjs';
import './offline.mjs';
import './access.mjs';
import './without.mjs';
import './look.mjs';

process.exitCode = (await run(process.argv.slice(2))) > 0 ? 1 : 0;
