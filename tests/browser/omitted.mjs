// What cannot run in a browser, and what stands in for it. All other tests run.

/** `kind` leaves out every test of the page in that kind of browser; see browsers.mjs. */
export const OMITTED = [
  {
    browsers: ['firefox', 'webkit'],
    reason: 'drops files by Chrome’s DevTools protocol',
    page: [
      'inputs: many files dropped at once are read, and what is no picture is counted',
      'inputs: a dropped folder is read with the folders in it, in the order of its names',
      'inputs: a dropped folder without pictures says so, and what is shown stays',
      'inputs: two folders without pictures, one dropped after the other, leave nothing to wait for',
    ],
  },
  {
    browsers: ['firefox', 'webkit'],
    reason: 'asks Chrome’s DevTools protocol for memory or for what an installation lacks',
    page: ['the page can be installed', 'a minute of live reading leaves nothing behind (cpu)', 'a minute of live reading leaves nothing behind (webgpu)'],
  },
];
