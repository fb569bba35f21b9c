// Files that a script puts into an input, where the driver of a browser reaches none or knows no folders.

import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

const TYPES = { png: 'image/png', jpg: 'image/jpeg', txt: 'text/plain', webm: 'video/webm' };

export const isFolder = (given) => typeof given === 'string' && statSync(given).isDirectory();

const described = (name, type, buffer, path = '') => ({ name, type, base64: buffer.toString('base64'), path });

/** What playwright's `setInputFiles` takes (a path or a description, or several), for `chooseFiles`. */
export function filesAt(given) {
  if (typeof given !== 'string') return [given].flat().map(({ name, mimeType, buffer }) => described(name, mimeType, buffer));
  const names = isFolder(given) ? readdirSync(given, { recursive: true }).filter((name) => !isFolder(join(given, name))) : [''];
  return names.map((name) => {
    const path = join(given, name);
    return described(basename(path), TYPES[path.split('.').at(-1)], readFileSync(path), name && join(basename(given), name));
  });
}

/** Runs in the page. */
export function chooseFiles(input, files) {
  const transfer = new DataTransfer();
  for (const { name, type, base64 } of files) {
    transfer.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], name, { type }));
  }
  input.files = transfer.files;
  // A list of files makes objects of its own.
  for (const [at, file] of [...input.files].entries()) Object.defineProperty(file, 'webkitRelativePath', { value: files[at].path });
  for (const kind of ['input', 'change']) input.dispatchEvent(new Event(kind, { bubbles: true, composed: true }));
}
