// What cannot run in a browser, and what stands in for it. All other tests run.

/** `page` and `embed` name tests; `kind` stands for every test of the page in that kind of browser, see browsers.mjs. */
export const OMITTED = [
  {
    browsers: ['firefox', 'webkit'],
    reason: 'drops real files by Chrome’s DevTools protocol',
    instead: 'folders are chosen, and files dropped one by one',
    page: [
      'inputs: many files dropped at once are read, and what is no picture is counted',
      'inputs: a dropped folder is read with the folders in it, in the order of its names',
      'inputs: a dropped folder without pictures says so, and what is shown stays',
      'inputs: two folders without pictures, one dropped after the other, leave nothing to wait for',
    ],
  },
  {
    browsers: ['firefox', 'webkit'],
    reason: 'asks Chrome’s DevTools protocol what grows, or what an installation lacks',
    instead: 'the memory of the programs is measured by the tests of five hundred photos; neither browser installs pages',
    page: ['a minute of live reading leaves nothing behind (cpu)', 'a minute of live reading leaves nothing behind (webgpu)', 'the page can be installed'],
  },
  {
    browsers: ['chromium', 'webkit'],
    reason: 'only Firefox resists fingerprinting by noise',
    instead: 'a script makes what is drawn come back as noise',
    kind: 'resisting',
  },
  {
    browsers: ['webkit'],
    reason: 'there is no WebGPU in WebKitGTK',
    instead: 'that the page says so and computes on the CPU',
    kind: 'gpu',
    page: ['WebGPU and CPU agree'],
  },
  {
    browsers: ['webkit'],
    reason: 'WebKitGTK plays no blob of a gigabyte, and finds no moment of a WebM without an index',
    instead: 'a short video is played, sought through and ends',
    page: ['videos: four hours and a gigabyte are sought through, and nothing is read ahead'],
  },
  {
    browsers: ['webkit'],
    reason: 'a driven WebKitGTK opens no chooser',
    instead: 'files are handed to the input, which the Tab key reaches in every state',
    page: ['a keyboard is enough to choose a photo'],
  },
  {
    browsers: ['webkit'],
    reason: 'playwright computes the tree that a screen reader gets',
    instead: 'axe looks at names and roles in every state',
    page: ['what the page is, is told to a screen reader'],
  },
  {
    browsers: ['webkit'],
    reason: 'there are no forced colours in WebKitGTK',
    instead: 'Chromium and Firefox show them',
    page: ['axe finds nothing in forced colours'],
  },
  {
    browsers: ['webkit'],
    reason: 'an X server without a screen has no finger',
    instead: 'the same rules of style in Chromium and Firefox',
    page: ['about', 'consent', 'everything that a camera shows', 'timeline of a recording', 'album', 'video', 'attention'].map((state) => `a finger finds everything 44 pixels large: ${state}`),
  },
  {
    browsers: ['webkit'],
    reason: 'there is no WebGPU in WebKitGTK',
    instead: 'strict.mjs and faces.mjs read on the CPU',
    embed: [
      'from another origin it reads on WebGPU too, in the same blob and with the same policy',
      'another engine is told, and read with',
      'when the graphics device goes away it is told, and the processor reads',
      'whoever hands over a picture when told of a lost device has it read by the processor',
    ],
  },
  {
    browsers: ['firefox'],
    reason: 'the strict policy of these hosts lets no test into the worker, and neither does the driver',
    instead: 'the page’s own tests lose its device',
    embed: ['when the graphics device goes away it is told, and the processor reads', 'whoever hands over a picture when told of a lost device has it read by the processor'],
  },
  {
    browsers: ['firefox'],
    reason: 'its driver presses keys in the window, not in a frame of it',
    instead: 'Chromium and WebKit; both answers are in view without a key',
    embed: [[300, 150, 'de'], [320, 200, 'fr'], [640, 240, 'en'], [320, 240, 'ar']].map(([width, height, language]) => `in a frame of ${width} by ${height} the focus is in view, ${language}`),
  },
  {
    browsers: ['webkit'],
    reason: 'its driver does nothing before a page has loaded',
    instead: 'Chromium and Firefox',
    embed: ['a page whose page.js comes after the frame is answered, too', 'a page whose messages.js comes after the frame is answered, too'],
  },
  {
    browsers: ['webkit'],
    reason: 'its driver scrolls nothing in a frame into the window',
    instead: 'the frames that fit into the window',
    embed: ['what is to be pasted into a learning platform reads, without a script on the page', 'the frame looks right and passes axe in dark, 320'],
  },
];
